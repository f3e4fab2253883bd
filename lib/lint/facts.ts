import { ServerFacts, ServerPolicy } from '../policy/policy';
import { serversOf } from './owners';
import { wholeOf } from './per-owner';
import { Find, Said } from './rule';
import { Subject, SubjectOwner } from './subject';
import { Target } from './targets';

const NOTHING: ServerFacts = {};

/** What was captured of it, or told with a text. */
export const factsOf = (owner: SubjectOwner): ServerFacts => toldOf(owner) ?? NOTHING;

const toldOf = ({ policy, facts }: SubjectOwner): ServerFacts | undefined =>
  policy?.kind === 'server' ? policy.facts : facts;

/** What its intent says beside facts; nothing where there is none. */
type Meant = Partial<Pick<ServerPolicy, 'localAddresses' | 'cpnat'>>;

/** Whether something listens there; undefined where nobody knows. */
export const listensOn = (owner: SubjectOwner, protocol: number, port: number): boolean | undefined =>
  factsOf(owner).listens?.some((one) => one.protocol === protocol && one.port === port);

/** It is known of all of them that nothing listens there. */
export const nothingListens = (targets: readonly Target[], protocol: number, port: number): boolean =>
  targets.every(({ owner }) => listensOn(owner, protocol, port) === false);

/** Pure-FTPd's on cPanel, where nobody captured another. */
export const PASSIVE_FTP = { first: 49_152, last: 65_534 };

/** One finding for each server that its facts say something of. */
export const perFacts =
  (say: (facts: ServerFacts, meant: Meant, subject: Subject, owner: SubjectOwner) => Said | false): Find =>
  (subject) =>
    serversOf(subject).flatMap((owner) => {
      const { policy } = owner;
      const facts = toldOf(owner);
      const said = facts !== undefined && say(facts, policy?.kind === 'server' ? policy : {}, subject, owner);
      return said ? [{ where: wholeOf(owner), ...said }] : [];
    });
