// Adds the iptables rules of csf's settings PORTFLOOD, CONNLIMIT, PORTKNOCKING and MESSENGER: limits of rate and of
// connections, port knocking, and redirects of blocked sources.

import { AddMessengerRules } from './lower-list-lines';
import { CsfRuleset } from './csf-ruleset';

/** Returns the number like Perl: the leading digits, or 0. */
const parsePerlNumber = (text: string): number => Number(/^[+-]?\d+(\.\d+)?/.exec(text)?.[0] ?? 0);
const isPort = (text: string): boolean => parsePerlNumber(text) >= 0 && parsePerlNumber(text) <= 65_535;

/** Adds limits of rate and of parallel connections: earlier packets decide them. Source: doportfilters of csf 15.10. */
export function addLimits(csf: CsfRuleset): void {
  const { settings } = csf;
  const reportRefused = (key: string): unknown =>
    csf.stops.push({ line: settings.getPlace(key).line, what: `csf refuses what ${key} says.` });
  for (const entry of settings.list('PORTFLOOD')) {
    const [port = '', protocol = '', count = '', seconds = ''] = entry.split(';');
    const limitMatch = `-m recent --update --seconds ${seconds} --hitcount ${count} --name ${port}`;
    if (!isPort(port) || !/icmp|tcp|udp/.test(protocol) || !/\d/.test(seconds)) reportRefused('PORTFLOOD');
    // Rules with a count above the kernel's limit (20 by default) are left out.
    else if (parsePerlNumber(count) >= 1)
      csf.add(
        'INPUT',
        `@in4 -p ${protocol} --dport ${port} @4new ${limitMatch} -j PORTFLOOD`,
        settings.getPlace('PORTFLOOD'),
      );
  }
  for (const entry of settings.list('CONNLIMIT')) {
    const [port = '', most = ''] = entry.split(';');
    const limitMatch = `-m connlimit --connlimit-above ${most}`;
    if (!isPort(port) || parsePerlNumber(most) < 1 || !/\d/.test(most)) reportRefused('CONNLIMIT');
    else
      csf.add('INPUT', `@in4 -p tcp --syn --dport ${port} ${limitMatch} -j CONNLIMIT`, settings.getPlace('CONNLIMIT'));
  }
}

/** Adds port knocking: `22;TCP;20;100;200;300` opens the port to a source after three knocks. */
export function addKnocks(csf: CsfRuleset): void {
  const { settings } = csf;
  for (const entry of settings.list('PORTKNOCKING')) {
    const [port = '', protocol = '', timeout = '', ...steps] = entry.split(';');
    const add = (to: string, match: string): void =>
      csf.add(
        'INPUT',
        `@in4 -p ${protocol.toLowerCase()} --dport ${to} @4new ${match}`,
        settings.getPlace('PORTKNOCKING'),
        'alone',
        ['ip'],
      );
    const recently = `-m recent --rcheck --seconds ${timeout} --name PK_${port}`;
    if (steps.length < 3) continue;
    steps.forEach((step, at) => add(step, at === 0 ? '-j DROP' : `${recently} -j DROP`));
    add(port, `${recently} -j ACCEPT`);
  }
}

/**
 * Returns the redirects of blocked sources to the messenger, or undefined if it is off. No file shows whether it has
 * certificates.
 */
export function createMessenger(csf: CsfRuleset): AddMessengerRules | undefined {
  const { settings } = csf;
  if (!settings.isOn('MESSENGER')) return undefined;
  if (settings.hasTooMany('MESSENGER_HTTPS_IN'))
    csf.noteUnknown(
      settings.getPlace('MESSENGER_HTTPS_IN'),
      'with so many ports in MESSENGER_HTTPS_IN the messenger may be off',
    );
  const perhaps = settings.isOn('CC_MESSENGER_ALLOW') || settings.isOn('CC_MESSENGER_DENY');
  return (from, family, place, port) => {
    for (const kind of ['HTTPS', 'HTML', 'TEXT']) {
      const ports = settings
        .list(`MESSENGER_${kind}_IN`)
        .filter((messengerPort) => (port ?? messengerPort) === messengerPort);
      const certificateMatch = perhaps || kind === 'HTTPS' ? `-m set --match-set MESSENGER_${kind} src` : '';
      const to = `-m multiport --dports ${ports.join()} -j REDIRECT --to-ports ${settings.getText(`MESSENGER_${kind}`)}`;
      if (ports.length > 0)
        csf.add('nat PREROUTING', `@in4 -p tcp ${from} ${certificateMatch} ${to}`, place, 'at once', [family]);
    }
  };
}
