import { printAddress } from '../../lib/net/address';
import { printable } from '../../lib/problems/problem';
import { addressesAbsent } from '../drift';
import { Case, onWire, packetOf } from './case';
import { Looked, Seen } from './look';
import { Decided, decidedAt, decidingLine, leavesAs, printLine } from './rules';
import { Step, notAsked, right, unknown, wrong } from './step';
import { At } from './words';

export const VIRTUAL_IP = 'the public address is there and answers';
export const ROUTE = 'the gateway has a way to the server';
export const TRANSLATED = 'the gateway translates it to the server';
export const GATEWAY_RULES = 'the gateway lets it through';

/** On the interface, or answered for; its link; nobody else on the wire has it. */
export function virtualIpStep(
  { question, gateway, virtualIp, mapping, arrives }: Case,
  { look, looked }: Seen,
  at: At,
): Step {
  const { device, release } = gateway.holder;
  const address = printAddress(question.address);
  const name = virtualIp?.interface ?? mapping.interface;
  const seen: string[] = [];
  const flags = /<([^>]*)>/
    .exec(look.facts.links.split('\n').find((line) => nameOf(line) === name) ?? '')?.[1]
    ?.split(',');
  if (flags === undefined)
    return wrong(
      VIRTUAL_IP,
      [`${device} has no interface ${name}`],
      `${device} has no interface ${name}.`,
      at.fix(({ interfaces }) => interfaces),
    );
  if (!flags.includes('UP') || flags.includes('NO-CARRIER') || !flags.includes('LOWER_UP'))
    return wrong(
      VIRTUAL_IP,
      [`${name} is ${flags.includes('UP') ? 'up and has no carrier' : 'down'}`],
      `interface ${name} of ${device} ${flags.includes('UP') ? 'has no carrier: its cable or its peer is off' : 'is down'}.`,
      flags.includes('UP') ? 'look at the wire' : at.fix(({ enable }) => enable(name)),
    );
  seen.push(`${name} is up`);
  if (!virtualIp || virtualIp.kind === 'other')
    return right(
      VIRTUAL_IP,
      ...seen,
      `${address} is routed to ${device} by the provider: what comes to it can't be seen from here`,
    );
  const absent = release ? addressesAbsent(release, look).find((line) => line.includes(` ${address} `)) : undefined;
  if (absent !== undefined)
    return wrong(
      VIRTUAL_IP,
      [...seen, absent],
      `${absent.replace(`${name} does`, `${name} of ${device} does`).replace(/ any more$/, '')}: somebody took the virtual IP away, so nobody answers for it.`,
      at.redeliver,
    );
  seen.push(virtualIp.kind === 'proxy-arp' ? `${name} answers for ${address}` : `${name} has ${address}`);
  const ignore = Math.max(
    Number(looked?.settings.get(`arp_ignore ${name}`) ?? 0),
    Number(looked?.settings.get('arp_ignore all') ?? 0),
  );
  if (ignore >= 8)
    return wrong(
      VIRTUAL_IP,
      [...seen, `arp_ignore of ${name} is ${ignore}`],
      `${device} answers no ARP request on ${name}: arp_ignore is ${ignore}.`,
      at.shell(`sysctl -w net.ipv4.conf.${name}.arp_ignore=0 net.ipv4.conf.all.arp_ignore=0`),
    );
  const [wire, mac] = looked?.wire.split(' ') ?? [];
  if (wire === 'taken')
    return wrong(
      VIRTUAL_IP,
      [...seen, `somebody else on ${name} says that ${address} is theirs: ${mac || 'hardware address unknown'}`],
      `another machine on the wire of ${name}, ${mac || 'hardware address unknown'}, has ${address}, too: what is sent to it reaches the one or the other.`,
      'take the address off that machine, or use another one in the intent',
    );
  if (onWire(arrives, question.address) && wire === 'free') seen.push('nobody else on its wire has it');
  if (wire === 'unknown') seen.push('whether another machine on its wire has it, too, could not be asked there');
  return looked ? right(VIRTUAL_IP, ...seen) : notAsked(VIRTUAL_IP, at.notAskable, ...seen);
}

const nameOf = (link: string): string | undefined => /^\d+: ([^:@ ]+)/.exec(link)?.[1];

export function routeStep(one: Case, { look, looked }: Seen, at: At): Step {
  const { gateway, inside, source, arrives } = one;
  const { device } = gateway.holder;
  const address = printAddress(inside);
  const forwards = looked?.settings.get(`forwarding ${arrives.name}`) ?? (look.facts.forwarding.ip ? '1' : '0');
  if (forwards === '0')
    return wrong(
      ROUTE,
      [`forwarding is off${looked ? ` on ${arrives.name}` : ''}`],
      `${device} does not forward IPv4${look.facts.forwarding.ip ? ` on ${arrives.name}` : ''}.`,
      at.fix(({ forwarding }) => forwarding(arrives.name)),
    );
  if (!looked) return notAsked(ROUTE, at.notAskable, 'it forwards');
  const seen = ['it forwards'];
  const by = devOf(looked.inside);
  if (by === undefined)
    return wrong(
      ROUTE,
      [...seen, printable(looked.inside)],
      `${device} has no route to ${address}.`,
      at.fix(({ routeTo }) => routeTo(address)),
    );
  seen.push(`route to ${address}: ${routeWords(looked.inside)}`);
  const expected = gateway.policy.interfaces.find((each) => onWire(each, inside));
  if (expected && expected.name !== by)
    return wrong(
      ROUTE,
      seen,
      `${device} sends ${address} out by ${by}, and it is behind ${expected.name}.`,
      at.fix(({ routesOf }) => routesOf(address)),
    );
  if (/Invalid (argument|cross-device link)/.test(looked.through))
    return wrong(
      ROUTE,
      [...seen, `the kernel drops what ${printAddress(source)} sends by ${arrives.name}`],
      `rp_filter of ${device} drops what ${printAddress(source)} sends by ${arrives.name}: its own route to that client is another one.`,
      at.shell(
        `sysctl -w net.ipv4.conf.${arrives.name}.rp_filter=2 (loose), or a route to ${printAddress(source)} by ${arrives.name}`,
      ),
    );
  if (/RTNETLINK answers/.test(looked.through))
    return wrong(
      ROUTE,
      [...seen, printable(looked.through)],
      `${device} does not route it from ${arrives.name} to ${address}: ${printable(looked.through)}.`,
      at.shell('ip rule; ip route show table all'),
    );
  const silent = looked.neighbour.find((line) => line.startsWith('silent '));
  const dead = looked.neighbour.find((line) => / (FAILED|INCOMPLETE)$/.test(line));
  if (!routeWords(looked.inside).includes('via') && (silent !== undefined || dead !== undefined))
    return wrong(
      ROUTE,
      [...seen, `nobody answers for ${address} on ${by}`],
      `the server does not answer ARP for ${address} on ${by} of ${device}: it is off, has lost the address, or the wire between them is broken.`,
      'look at the server and at the switch between them',
    );
  const returning = returnsWrong(one, looked, seen, at);
  if (returning) return returning;
  return right(ROUTE, ...seen, ...(routeWords(looked.inside).includes('via') ? [] : [answering(looked, address, by)]));
}

/** A hardware address that is only remembered is no answer. */
function answering({ neighbour }: Looked, address: string, by: string): string {
  const [, mac, state] = /lladdr (\S+)(?: router)?(?: extern_learn)? (\S+)/.exec(neighbour.join(' ')) ?? [];
  if (neighbour.some((line) => line.startsWith('answers ')) || state === 'REACHABLE')
    return `${address} answers on ${by}${mac === undefined ? '' : `: ${printable(mac)}`}`;
  return mac === undefined
    ? `whether ${address} answers on ${by} was not asked`
    : `${address} was ${printable(mac)} on ${by} (${printable(state!)}); whether it answers now was not asked`;
}

/** What the server answers goes out by the gateway's own route to the client. */
function returnsWrong(
  { source, inside, gateway }: Case,
  { returns, settings, inside: way }: Looked,
  seen: readonly string[],
  at: At,
): Step | undefined {
  if (!/RTNETLINK answers/.test(returns)) return undefined;
  const { device } = gateway.holder;
  const who = printAddress(source);
  const all = [...seen, `back to ${who}: ${printable(returns)}`];
  const by = devOf(way) ?? '';
  if (settings.get(`forwarding ${by}`) === '0')
    return wrong(
      ROUTE,
      all,
      `${device} does not forward what comes by ${by}, from ${printAddress(inside)}.`,
      at.fix(({ forwarding }) => forwarding(by)),
    );
  if (/cross-device link/.test(returns))
    return wrong(
      ROUTE,
      all,
      `rp_filter of ${device} drops what ${printAddress(inside)} answers: its own route to it is another one.`,
      at.shell(`ip route get ${printAddress(inside)}; ip rule`),
    );
  if (isRefusedByRoute(returns))
    return wrong(ROUTE, all, refusedByRoute(device, who, returns), at.shell(REFUSING_ROUTES));
  return wrong(
    ROUTE,
    all,
    `${device} has no route back to ${who}: its default route is gone.`,
    at.shell('ip route; ip rule'),
  );
}

/** Routes of type unreachable, blackhole and prohibit, by which some programs ban: a route that isn't there answers otherwise. */
export const isRefusedByRoute = (route: string): boolean => /RTNETLINK answers: (?!Network is unreachable)/.test(route);
export const refusedByRoute = (device: string, who: string, route: string): string =>
  `${device} refuses to send to ${who} by a route: ${printable(route)}.`;
export const REFUSING_ROUTES =
  'ip route show table all type blackhole; ip route show table all type unreachable; ip route show table all type prohibit; ip rule';

export const devOf = (route: string): string | undefined =>
  /RTNETLINK answers/.test(route) ? undefined : /\bdev (\S+)/.exec(route)?.[1];
export const routeWords = (route: string): string =>
  printable(
    route
      .replace(/ uid \d+|\\|cache/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );

/** Two steps over the same decision: where it leads, and whether it passes. */
export function gatewayRules(one: Case, seen: Seen, at: At): readonly [Step, Step, Decided | undefined] {
  const { gateway, inside, question, source, arrives } = one;
  const { device } = gateway.holder;
  const decided = decidedAt(gateway.policy, gateway.holder, seen.look, arrives.name, packetOf(one));
  if (typeof decided === 'string') return [unknown(TRANSLATED, decided), unknown(GATEWAY_RULES, decided), undefined];
  const address = printAddress(question.address);
  const led = `it leaves to ${leavesAs(decided)}`;
  const sessions = sessionsSeen(one, seen);
  const translating = decided.lines.find(({ text }) => /\b(dnat|redirect|tproxy|rdr|binat)\b|1:1/.test(text));
  const there = decided.leaves.destination === inside && decided.leaves.port === question.port;
  const translated = there
    ? right(TRANSLATED, `${printAddress(question.address)} becomes ${printAddress(inside)}`, ...sessions)
    : decided.leaves.destination === question.address && decided.leaves.port === question.port
      ? wrong(
          TRANSLATED,
          ['no rule translates it', ...sessions],
          `no rule of ${device} translates ${address}: ${at.lost}`,
          at.redeliver,
        )
      : wrong(
          TRANSLATED,
          [led, ...(translating ? [printLine(translating)] : [])],
          `${translating ? `${translating.place} on ${device}` : `a rule of ${device}`} leads it to ${printAddress(decided.leaves.destination)} port ${decided.leaves.port} instead of ${printAddress(inside)} port ${question.port}${translating ? `: ${translating.text}` : ''}.`,
          translating ? at.remove(translating) : at.redeliver,
        );
  return [
    translated,
    passes(
      GATEWAY_RULES,
      decided,
      `what ${printAddress(source)} sends to ${address} ${question.protocol} ${question.port}`,
      at,
    ),
    decided,
  ];
}

/** What the rules of one device say about the packet. */
export function passes(name: string, decided: Decided, packet: string, at: At): Step {
  const line = decidingLine(decided);
  const banned =
    decided.mentions.length === 0 ? '' : `; the client's address stands in ${decided.mentions.slice(0, 3).join(', ')}`;
  const seen = [`${line ? printLine(line) : decided.because}${banned}`];
  if (decided.verdict === 'allowed')
    return right(name, decided.because, ...(line && at.stays(line) !== '' ? [at.stays(line)] : []));
  if (decided.verdict === 'unknown')
    return {
      ...unknown(name, ...seen),
      cause: {
        what: `the rules of ${at.device} may refuse ${packet}: ${decided.because}${banned}.`,
        instead: at.rules,
        weight: 'perhaps',
      },
    };
  if (line)
    return wrong(
      name,
      seen,
      `${line.place} on ${at.device} refuses ${packet}: ${line.text}${at.whose(line)}${banned}.`,
      at.remove(line),
    );
  return wrong(
    name,
    seen,
    `the rules of ${at.device} refuse ${packet}: ${decided.because}${at.changed}.`,
    at.refusedByDefault(decided.because),
  );
}

/** Connections in conntrack to this port: evidence, which decides nothing. */
function sessionsSeen({ question, inside }: Case, { looked }: Seen): readonly string[] {
  if (!looked?.sessions) return [];
  const wanted = ` dport=${question.port} `;
  const to = looked.sessions.filter(
    (line) => line.includes(`dst=${printAddress(question.address)} `) && line.includes(wanted),
  );
  if (to.length === 0) return [`no connection to port ${question.port} in conntrack now`];
  const answered = to.filter((line) => !line.includes('[UNREPLIED]')).length;
  const led = to.filter((line) => line.includes(`src=${printAddress(inside)} `)).length;
  return [`${to.length} in conntrack: ${led} translated to ${printAddress(inside)}, ${answered} answered`];
}
