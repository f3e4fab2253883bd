import { ServerFacts, ServerPolicy } from '../policy/policy';
import { listServers } from './owners';
import { printOwner } from './owner-findings';
import { LintFinder, FindingText } from './lint-rule';
import { LintSubject, SubjectOwner } from './lint-subject';
import { LintTarget } from './lint-targets';

const NO_SERVER_FACTS: ServerFacts = {};

/** What was captured of it, or told with a text. */
export const getFacts = (owner: SubjectOwner): ServerFacts => findFacts(owner) ?? NO_SERVER_FACTS;

const findFacts = ({ policy, facts }: SubjectOwner): ServerFacts | undefined =>
  policy?.kind === 'server' ? policy.facts : facts;

/** What its intent says beside facts; nothing where there is none. */
type PolicyFacts = Partial<Pick<ServerPolicy, 'localAddresses' | 'cpnat'>>;

/** Whether something listens there; undefined where nobody knows. */
export const isListening = (owner: SubjectOwner, protocol: number, port: number): boolean | undefined =>
  getFacts(owner).listens?.some((listener) => listener.protocol === protocol && listener.port === port);

/** It is known of all of them that nothing listens there. */
export const hasNoListener = (targets: readonly LintTarget[], protocol: number, port: number): boolean =>
  targets.every(({ owner }) => isListening(owner, protocol, port) === false);

/** Pure-FTPd's on cPanel, where nobody captured another. */
export const DEFAULT_PASSIVE_FTP = { first: 49_152, last: 65_534 };

/** One finding for each server that its facts say something of. */
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
