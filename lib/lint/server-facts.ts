// Returns facts of a server for lint rules, such as listening ports, captured or given with a text, and creates the
// finders of rules that need facts.

import { ServerFacts, ServerPolicy } from '../policy/policy';
import { listServers } from './owners';
import { printOwner } from './owner-findings';
import { LintFinder, FindingText } from './lint-rule';
import { LintSubject, SubjectOwner } from './lint-subject';
import { LintTarget } from './lint-targets';

const NO_SERVER_FACTS: ServerFacts = {};

/** Returns the facts that were captured from the server, or given with a text. */
export const getFacts = (owner: SubjectOwner): ServerFacts => findFacts(owner) ?? NO_SERVER_FACTS;

const findFacts = ({ policy, facts }: SubjectOwner): ServerFacts | undefined =>
  policy?.kind === 'server' ? policy.facts : facts;

/** The parts of the policy that rules on facts need; empty if there is no policy. */
type PolicyFacts = Partial<Pick<ServerPolicy, 'localAddresses' | 'cpnat'>>;

/** Returns whether a program listens on the port; undefined if that isn't known. */
export const isListening = (owner: SubjectOwner, protocol: number, port: number): boolean | undefined =>
  getFacts(owner).listens?.some((listener) => listener.protocol === protocol && listener.port === port);

/** Returns whether it is known for all targets that no program listens on the port. */
export const hasNoListener = (targets: readonly LintTarget[], protocol: number, port: number): boolean =>
  targets.every(({ owner }) => isListening(owner, protocol, port) === false);

/** The passive ports of Pure-FTPd on cPanel, unless others are captured. */
export const DEFAULT_PASSIVE_FTP = { first: 49_152, last: 65_534 };

/** Creates a finder with one finding for each server on whose facts `describe` returns a text. */
export const createFactsFinder =
  (
    describe: (
      facts: ServerFacts,
      policyFacts: PolicyFacts,
      subject: LintSubject,
      owner: SubjectOwner,
    ) => FindingText | false,
  ): LintFinder =>
  (subject) =>
    listServers(subject).flatMap((owner) => {
      const { policy } = owner;
      const facts = findFacts(owner);
      const text = facts !== undefined && describe(facts, policy?.kind === 'server' ? policy : {}, subject, owner);
      return text ? [{ where: printOwner(owner), ...text }] : [];
    });
