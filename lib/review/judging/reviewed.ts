import { Plan } from '../plan';
import { REVIEW_FORMAT, Review } from '../review';
import { edgeBlocks, serverBlocks } from './blocks';
import { edgesOf } from './edges';
import { Known } from './known';
import { Names } from './reaches';
import { changesOf } from './rows';
import { Sides } from './sides';
import { Remarks } from './state';
import { judgedOwner } from './states';
import { Texts } from './texts';

/** What the plans of one change do together, judged whole: nothing in it throws, and what can't be decided is unknown. */
export function reviewOf(plans: readonly Plan[], known: Known): Review {
  const remarks = new Remarks();
  const texts = new Texts();
  const all = plans.flatMap((plan) => plan.owners.flatMap((planned) => judgedOwner(planned, plan, known, texts, remarks) ?? []));
  const sided = all.map((judged) => ({ judged, sides: new Sides(judged) }));
  const edges = edgesOf(sided);
  const servers = sided.filter(({ judged }) => judged.planned.role === 'server');
  const through = edges.flatMap(edgeBlocks);
  const blocks = [...through, ...servers.flatMap((server) => serverBlocks(server, edges, through))];
  const { rows, counts } = changesOf(blocks, new Names(servers));
  for (const { doubts, objections } of plans) {
    remarks.unknown.push(...doubts);
    remarks.objections.push(...objections);
  }
  return {
    format: REVIEW_FORMAT,
    verdict:
      remarks.unknown.length > 0 || counts.unknown > 0 ? 'unknown' : remarks.objections.length > 0 ? 'objections' : 'nothing to object to',
    headline: `${counts.opened} opened, ${counts.closed} closed`,
    counts: { ...counts, devices: new Set(all.map(({ planned }) => planned.device)).size },
    objections: remarks.objections,
    unknown: remarks.unknown,
    notes: remarks.notes,
    changes: rows,
    devices: [],
    lint: [],
    plans: plans.map(({ name, terraformVersion, foreign }) => ({
      ...{ name, terraformVersion, foreignUnchanged: foreign.unchanged },
      foreignChanged: foreign.changed.map(({ address, actions }) => `${address} (${actions.join(', ')})`),
    })),
    universe: 'every protocol and port, IPv4 and IPv6, first packets of connections; what is not listed does not change',
  };
}
