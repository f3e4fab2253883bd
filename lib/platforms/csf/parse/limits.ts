import { KeptOut } from './lines';
import { Ruleset } from './ruleset';

/** As Perl reads a number: what stands in front, or none. */
const numberOf = (text: string): number => Number(/^[+-]?\d+(\.\d+)?/.exec(text)?.[0] ?? 0);
const isPort = (text: string): boolean => numberOf(text) >= 0 && numberOf(text) <= 65_535;

/** How often and how many at once: what there was before decides. Source: doportfilters of csf 15.10. */
export function addLimits(csf: Ruleset): void {
  const { settings } = csf;
  const stop = (key: string): unknown =>
    csf.stops.push({ line: settings.at(key).line, what: `csf refuses what ${key} says.` });
  for (const one of settings.listed('PORTFLOOD')) {
    const [port = '', protocol = '', count = '', seconds = ''] = one.split(';');
    const asked = `-m recent --update --seconds ${seconds} --hitcount ${count} --name ${port}`;
    if (!isPort(port) || !/icmp|tcp|udp/.test(protocol) || !/\d/.test(seconds)) stop('PORTFLOOD');
    // More than the kernel keeps (20, where nobody said more) are left out.
    else if (numberOf(count) >= 1)
      csf.add('INPUT', `@in4 -p ${protocol} --dport ${port} @4new ${asked} -j PORTFLOOD`, settings.at('PORTFLOOD'));
  }
  for (const one of settings.listed('CONNLIMIT')) {
    const [port = '', most = ''] = one.split(';');
    const asked = `-m connlimit --connlimit-above ${most}`;
    if (!isPort(port) || numberOf(most) < 1 || !/\d/.test(most)) stop('CONNLIMIT');
    else csf.add('INPUT', `@in4 -p tcp --syn --dport ${port} ${asked} -j CONNLIMIT`, settings.at('CONNLIMIT'));
  }
}

/** `22;TCP;20;100;200;300`: after three knocks the port is open to whoever knocked. */
export function addKnocks(csf: Ruleset): void {
  const { settings } = csf;
  for (const one of settings.listed('PORTKNOCKING')) {
    const [port = '', protocol = '', timeout = '', ...steps] = one.split(';');
    const add = (to: string, asked: string): void =>
      csf.add(
        'INPUT',
        `@in4 -p ${protocol.toLowerCase()} --dport ${to} @4new ${asked}`,
        settings.at('PORTKNOCKING'),
        'alone',
        ['ip'],
      );
    const recently = `-m recent --rcheck --seconds ${timeout} --name PK_${port}`;
    if (steps.length < 3) continue;
    steps.forEach((step, at) => add(step, at === 0 ? '-j DROP' : `${recently} -j DROP`));
    add(port, `${recently} -j ACCEPT`);
  }
}

/** What whoever is kept out is led to, where the messenger is on. Whether it has certificates, no file says. */
export function keptOutBy(csf: Ruleset): KeptOut | undefined {
  const { settings } = csf;
  if (!settings.isOn('MESSENGER')) return undefined;
  if (settings.hasTooMany('MESSENGER_HTTPS_IN'))
    csf.doubt(settings.at('MESSENGER_HTTPS_IN'), 'with so many ports in MESSENGER_HTTPS_IN the messenger may be off');
  const perhaps = settings.isOn('CC_MESSENGER_ALLOW') || settings.isOn('CC_MESSENGER_DENY');
  return (from, family, by, port) => {
    for (const kind of ['HTTPS', 'HTML', 'TEXT']) {
      const ports = settings.listed(`MESSENGER_${kind}_IN`).filter((one) => (port ?? one) === one);
      const doubt = perhaps || kind === 'HTTPS' ? `-m set --match-set MESSENGER_${kind} src` : '';
      const to = `-m multiport --dports ${ports.join()} -j REDIRECT --to-ports ${settings.text(`MESSENGER_${kind}`)}`;
      if (ports.length > 0) csf.add('nat PREROUTING', `@in4 -p tcp ${from} ${doubt} ${to}`, by, 'at once', [family]);
    }
  };
}
