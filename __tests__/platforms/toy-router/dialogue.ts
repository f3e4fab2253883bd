import { Command, Told, line, quoted } from '../../../lib/delivering/dialogue';
import { Dialogue, Delivered } from '../../../lib/delivering/dialogue-steps';
import { releaseParts } from './release-parts';
import { Mark, markName, markOf, markText, marksOf, othersOf, textOf } from './configuration';
import * as toy from './manners';
import { Part, Seen, coming, holding, ok, refused, seen, taken } from './seen';

type Hash = Delivered['sha256'];
const digestOf = (lines: readonly string[], of: Pick<Mark, 'owner'>, { sha256 }: { sha256: Hash }): string => sha256(textOf(lines, of));
/** A rule set that isn't what its mark says was changed by somebody else. */
const rulesOf = (lines: readonly string[], mark: Mark | undefined, of: { sha256: Hash }): 'none' | 'as-loaded' | 'absent' | 'edited' => {
  if (!mark) return 'none';
  if (digestOf(lines, mark, of) === mark.digest) return 'as-loaded';
  return textOf(lines, mark) === `toy ${mark.owner}\n` ? 'absent' : 'edited';
};

const annotate = (mark: Mark): Command => ({ line: line`set annotation ${markName(mark)} ${quoted(markText(mark))}` });
const FILTER = /^filter ([a-z0-9-]+) (\d{1,5}) (permit|deny) tcp (\d{1,5})(?: text "((?:[^"\\]|\\["\\])*)")?$/;

/** Undefined where a line of the release is no filter of this owner. */
function filterOf(text: string, owner: string): Command | undefined {
  const [, whose, number, does, port, said] = FILTER.exec(text) ?? [];
  if (whose !== owner) return undefined;
  if (said === undefined) return { line: line`set filter ${owner} ${number!} ${does!} tcp ${port!}` };
  return { line: line`set filter ${owner} ${number!} ${does!} tcp ${port!} text ${quoted(said.replace(/\\(.)/g, '$1'))}` };
}

const withoutFilters = ({ owner }: Pick<Mark, 'owner'>): Command => ({ line: line`delete filter ${owner}` });
const cleared = (of: Pick<Mark, 'role' | 'owner'>): readonly Command[] => [
  withoutFilters(of),
  { line: line`delete annotation ${markName(of)}` },
];

function* facts(): Part<Readonly<Record<string, readonly string[]>>> {
  const links = (yield toy.interfaces).lines.map((each, at) => ({ at: at + 1, words: each.split(' ') }));
  return {
    addresses: links.map(({ at, words: [name, , address] }) => `${at}: ${name}    inet ${address} scope global ${name}`),
    links: links.map(({ at, words: [name, is] }) => `${at}: ${name}: <BROADCAST${is === 'up' ? ',UP' : ''}> mtu 1500`),
    routes: [],
    forwarding: ['1', '0'],
    version: (yield toy.version).lines,
  };
}

export const dialogue: Dialogue = {
  manners: toy.manners,

  *protocol() {
    const { no } = yield toy.version;
    return no.length > 0 ? refused('foreign-box') : ok('protocol=1');
  },

  *status(of) {
    const { running, startup, candidate, trial } = yield* seen();
    const all = [...startup, ...running, ...(candidate?.lines ?? [])];
    const names = new Map(marksOf(all).map((mark) => [markName(mark), mark]));
    const owners = [...names.values()].map((each) => {
      const [settled, now, coming] = [markOf(startup, each), markOf(running, each), candidate && markOf(candidate.lines, each)];
      const armed = trial && now?.token === trial.token ? now : undefined;
      const passing = coming && coming.token !== now?.token ? coming.stage : undefined;
      const state = armed ? 'armed' : (passing ?? (!settled ? 'nothing' : settled.lease === 'none' ? 'kept' : 'confirmed'));
      return [
        `owner=${each.owner} role=${each.role} digest=${settled?.digest ?? 'none'} lease=${settled?.lease ?? 'none'}`,
        `armed=${armed?.token ?? 'none'} rules=${rulesOf(running, now, of)} fingerprint=${digestOf(running, each, of)} state=${state}`,
        `seconds=${armed ? trial!.seconds : 'none'} tried=${armed?.digest ?? 'none'} boot=as-written runs=${armed ? 'trial' : settled ? 'release' : 'nothing'}`,
      ].join(' ');
    });
    return { result: `ok status protocol=1 armed=${trial ? 'yes' : 'no'}`, sections: { '': owners } };
  },

  *read() {
    const { lines: ruleset } = yield toy.configuration;
    return { result: 'ok read', sections: { ruleset, ...(yield* facts()) } };
  },

  *upload(of) {
    const parts = releaseParts(of.input);
    const damaged = (part: string): Told => refused(`upload-damaged part=${part}`);
    if (!parts) return damaged('form');
    const odd = (['role', 'owner', 'lease', 'token', 'digest'] as const).find((name) => parts[name] !== of[name]);
    if (odd !== undefined) return damaged(odd);
    if (of.sha256(parts.text) !== of.digest || parts.addresses.length > 0) return damaged('digest');
    const filters = parts.text
      .split('\n')
      .slice(1, -1)
      .map((each) => filterOf(each, of.owner));
    if (filters.includes(undefined)) return damaged('text');
    const mark: Mark = { ...parts, ...of, stage: 'offered', accepted: 'none' };
    // Marked first: what a session leaves half done is known for ours.
    const commands = [annotate(mark), withoutFilters(of), ...(filters as Command[])];
    const now = yield* taken();
    if ('busy' in now) return now.busy;
    const held = markOf(now.startup, of);
    if (held?.lease === of.lease && held.digest === of.digest && rulesOf(now.running, held, of) === 'as-loaded')
      return ok(`running digest=${of.digest}`);
    for (const command of commands) yield command;
    return ok(`uploaded digest=${of.digest}`);
  },

  *check(of) {
    const found = yield* holding(of);
    if ('busy' in found) return found.busy;
    const { now, mark: offered } = found;
    const held = markOf(now.running, of);
    const rules = rulesOf(now.running, held, of);
    const fingerprint = digestOf(now.running, of, of);
    const no = ((): Told | undefined => {
      if (held && ![offered.lease, of.adopt, 'none'].includes(held.lease)) return refused(`foreign-lease lease=${held.lease}`);
      if (rules === 'edited' && held?.accepted !== fingerprint) return refused(`edited fingerprint=${fingerprint}`);
      return changedBesides(now, of, offered);
    })();
    const { no: said } = no ? { no: [] } : yield toy.syntax;
    if (no || said.length > 0) {
      yield toy.discard;
      return no ?? refused('syntax', said);
    }
    yield annotate({ ...offered, stage: 'checked' });
    return { result: `ok checked rules=${rules}`, sections: yield* facts() };
  },

  *arm(of) {
    const found = yield* holding(of);
    if ('busy' in found) return found.busy;
    const { now, mark: checked } = found;
    const no = checked.stage === 'checked' ? changedBesides(now, of, checked) : refused('not-checked');
    if (no) return no;
    const { no: said } = yield toy.commitOnTrial(of.seconds, of.token);
    return said.length > 0 ? refused('load-failed', said) : ok(`armed seconds=${of.seconds}`);
  },

  *confirm(of) {
    const { running, trial } = yield* seen();
    const mark = markOf(running, of);
    if (mark?.token !== of.token) return refused('not-armed');
    // Asked again after its answer was lost.
    if (!trial) return ok(`confirmed digest=${mark.digest}`);
    if (rulesOf(running, mark, of) !== 'as-loaded') return refused('edited-meanwhile');
    const { no } = yield toy.confirm;
    return no.length > 0 ? refused('not-armed') : ok(`confirmed digest=${mark.digest}`);
  },

  *rollback(of) {
    const now = yield* seen();
    const digest = (lines: readonly string[]): string => markOf(lines, of)?.digest ?? 'none';
    if (markOf(now.startup, of)?.token === of.token) return refused('already-confirmed');
    if (now.trial?.token === of.token) {
      // The timer may have been first.
      const { no } = yield toy.undo;
      return ok(`rolled-back digest=${digest(now.startup)} from=${no.length > 0 ? 'nothing' : 'armed'}`);
    }
    if (coming(now)?.token === of.token && !('busy' in (yield* holding(of)))) yield toy.discard;
    return ok(`rolled-back digest=${digest(now.startup)} from=nothing`);
  },

  *outcome(of) {
    const { startup, trial } = yield* seen();
    const mark = markOf(startup, of);
    if (mark?.token === of.token) return ok(`confirmed digest=${mark.digest}`);
    return ok(trial?.token === of.token ? 'armed' : `rolled-back digest=${mark?.digest ?? 'none'}`);
  },

  *retract(of) {
    const now = yield* taken();
    if ('busy' in now) return now.busy;
    const mark = markOf(now.running, of);
    if (!mark) return ok('retracted left=nothing');
    const closed = of.role === 'server' && mark.onRetract === 'keep-closed';
    if (mark.lease === 'none') return ok(`retracted left=${closed ? 'closed' : 'rules'}`);
    if (mark.lease !== of.lease) return refused(`foreign-lease lease=${mark.lease}`);
    for (const command of closed ? [annotate({ ...mark, lease: 'none' })] : cleared(of)) yield command;
    return (yield* committed('retract-incomplete')) ?? ok(`retracted left=${closed ? 'closed' : 'nothing'}`);
  },

  *forget(of) {
    const now = yield* taken();
    if ('busy' in now) return now.busy;
    const mark = markOf(now.running, of);
    if (!mark) return ok('forgotten left=nothing');
    if (mark.lease === 'none') return ok('forgotten left=rules');
    if (mark.lease !== of.lease) return refused(`foreign-lease lease=${mark.lease}`);
    yield annotate({ ...mark, lease: 'none' });
    return (yield* committed('forget-incomplete')) ?? ok('forgotten left=rules');
  },

  *accept(of) {
    const now = yield* taken();
    if ('busy' in now) return now.busy;
    const mark = marksOf(now.running).find(
      (each) => rulesOf(now.running, each, of) === 'edited' && digestOf(now.running, each, of) === of.fingerprint,
    );
    if (!mark) return refused('no-such-edit');
    yield annotate({ ...mark, accepted: of.fingerprint });
    return (yield* committed('load-incomplete')) ?? ok(`accepted owner=${mark.owner} role=${mark.role}`);
  },
};

/** The candidate is ours as it was offered, and everything else in it is what runs. */
function changedBesides({ running, candidate }: Seen, of: Delivered, offered: Mark): Told | undefined {
  const lines = candidate!.lines;
  const same = othersOf(lines, of) === othersOf(running, of) && digestOf(lines, of, of) === offered.digest;
  return same ? undefined : refused('edited-meanwhile');
}

function* committed(otherwise: string): Part<Told | undefined> {
  const { no } = yield toy.commit;
  return no.length > 0 ? { result: `failed ${otherwise}`, sections: { '': no } } : undefined;
}
