// Named mutants of pfSense: single mistakes in its generated entries.

import { Edit, Made, Named, each, everywhere, only } from '../text/edit';

/** If other rules pass everything, one more pass rule opens nothing. */
const passesAnyhow = ({ name }: Made): boolean => name.startsWith('captured/allow-all');
const gateway = (name: string, edit: Edit): Named => ({
  name: `pfSense: ${name}`,
  edit: only('pfsense', 'gateway', (sample) => (passesAnyhow(sample) ? [] : edit(sample))),
});

/** The owner's rules that pass packets to an interface's mapped hosts. */
const PASS =
  /<rule>(?:(?!<\/rule>)[^])*?<type>pass<\/type>(?:(?!<\/rule>)[^])*?cpanel-edge:(?:(?!<\/rule>)[^])*?<\/rule>/;
/** The owner's last rule on an outside interface: it names the interface. */
const CLOSING =
  /<rule>(?:(?!<\/rule>)[^])*?<type>block<\/type>\s*<interface>([a-z0-9]+)<\/interface>(?:(?!<\/rule>)[^])*?cpanel-edge:([a-z-]+)\/nothing-else[^]*?<\/rule>/;
const ONE = (inner: string): RegExp =>
  new RegExp(
    `<onetoone>(?:(?!</onetoone>)[^])*?${inner}(?:(?!</onetoone>)[^])*?cpanel-edge:(?:(?!</onetoone>)[^])*?</onetoone>`,
  );

const ANYBODY = '<any></any>';
const rule = (inner: string): string => `<rule>
			<tracker>3111111111</tracker>
			${inner}
			<descr><![CDATA[cpanel-edge:OWNER/added-0000 added]]></descr>
		</rule>`;
const passing = (on: string, destination: string, protocol = ''): string =>
  rule(`<type>pass</type>
			<interface>${on}</interface>
			<ipprotocol>inet</ipprotocol>${protocol}
			<source>${ANYBODY}</source>
			<destination>${destination}</destination>`);

const before = (made: (on: string) => string): Edit =>
  each(CLOSING, ([all, on, owner]) => `${made(on!).replace('OWNER', owner!)}\n\t\t${all}`);
const after = (made: (on: string) => string): Edit =>
  each(CLOSING, ([all, on, owner]) => `${all}\n\t\t${made(on!).replace('OWNER', owner!)}`);
/** The ends of a rule or a translation. */
const toAnybody = (text: string, end: string): string =>
  text.replace(new RegExp(`<${end}>[^]*?</${end}>`), `<${end}>${ANYBODY}</${end}>`);

/** Devices on which packets to a public address may stay untranslated: on others every packet is translated. */
const whereUnreflected =
  (edit: Edit): Edit =>
  (sample) =>
    sample.policy.kind === 'gateway' &&
    sample.policy.mappings.every(({ enabled, reflection }) => enabled && reflection.mode === 'disabled')
      ? edit(sample)
      : [];

export const PFSENSE: readonly Named[] = [
  gateway(
    'an outside interface passes everything',
    before((on) => passing(on, ANYBODY)),
  ),
  gateway(
    'an outside interface passes everything that is not to mapped hosts',
    after((on) => passing(on, ANYBODY)),
  ),
  gateway(
    'all outside interfaces pass everything, floating',
    before((on) =>
      passing(
        `${on}</interface><floating>yes</floating><direction>any</direction><quick>yes</quick><interface>${on}`,
        ANYBODY,
      ),
    ),
  ),
  gateway(
    "the box's own 443 is open",
    after((on) => passing(on, `<network>${on}ip</network><port>443</port>`, '<protocol>tcp</protocol>')),
  ),
  gateway(
    "the box's own 443 is open, by any of its addresses",
    after((on) => passing(on, '<network>(self)</network><port>443</port>', '<protocol>tcp</protocol>')),
  ),
  gateway(
    'an alias of hosts is one bit too wide',
    each(/<address>[^<]*<\/address>\s*<descr><!\[CDATA\[cpanel-edge:[a-z-]+\/\w*_hosts\]/, ([all]) => widened(all)),
  ),
  gateway(
    'a rule passes to any destination',
    each(PASS, ([all]) => {
      const port = /<destination>[^]*?(<port>[^]*?<\/port>)[^]*?<\/destination>/.exec(all)?.[1] ?? '';
      return all.replace(/<destination>[^]*?<\/destination>/, `<destination>${ANYBODY}${port}</destination>`);
    }),
  ),
  gateway(
    'a rule passes from anybody',
    each(PASS, ([all]) => (all.includes(`<source>\n\t\t\t\t${ANYBODY}`) ? undefined : toAnybody(all, 'source'))),
  ),
  gateway(
    'a destination restriction is forgotten',
    each(ONE('<destination>\\s*<address>(?:(?!<not>)[^])*?</destination>'), ([all]) => toAnybody(all, 'destination')),
  ),
  gateway(
    'an exclusion is forgotten',
    each(ONE('<destination>(?:(?!</destination>)[^])*<not>'), ([all]) =>
      all.includes('<disabled>') ? undefined : toAnybody(all, 'destination'),
    ),
  ),
  gateway(
    'a disabled mapping translates',
    each(ONE('<disabled>'), ([all]) => all.replace('<disabled></disabled>', '')),
  ),
  gateway(
    'a mapping is disabled',
    each(ONE('<interface>'), ([all]) =>
      all.includes('<disabled>') ? undefined : all.replace('<onetoone>', '<onetoone><disabled></disabled>'),
    ),
  ),
  gateway('what others keep out by name is let in by the place of a rule', (sample) =>
    sample.name.startsWith('captured/two-owners ')
      ? everywhere(
          /(<tracker>\d+<\/tracker>\s*<type>pass<\/type>\s*<interface>wan<\/interface>)(?=(?:(?!<\/rule>)[^])*?cpanel-edge:hosting\/)/,
          '$1<floating>yes</floating><direction>in</direction><quick>yes</quick>',
        )(sample)
      : [],
  ),
  gateway(
    'what is not translated is not dropped',
    whereUnreflected(everywhere(/<rule>(?:(?!<\/rule>)[^])*?cpanel-edge:[a-z-]+\/untranslated[^]*?<\/rule>/, '')),
  ),
  gateway(
    'a virtual IP is announced otherwise',
    each(
      /<mode>(ipalias|proxyarp|other|carp)<\/mode>/,
      ([, mode]) => `<mode>${mode === 'ipalias' ? 'proxyarp' : 'ipalias'}</mode>`,
    ),
  ),
  gateway(
    'a virtual IP has another length',
    each(
      /<subnet_bits>(\d+)<\/subnet_bits>/,
      ([, bits]) => `<subnet_bits>${Number(bits) === 32 ? 31 : Number(bits) + 1}</subnet_bits>`,
    ),
  ),
  gateway(
    'a virtual IP is on another interface',
    each(
      /(<vip>\s*<mode>\w+<\/mode>\s*)<interface>wan<\/interface>/,
      ([, head]) => `${head}<interface>lan</interface>`,
    ),
  ),
];

function widened(text: string): string {
  return text.replace(/(\d+\.\d+\.\d+\.)(\d+)\/(\d+)/, (_, net: string, last: string, length: string) => {
    const to = Number(length) - 1;
    return `${net}${Number(last) & ~((1 << (32 - to)) - 1)}/${to}`;
  });
}
