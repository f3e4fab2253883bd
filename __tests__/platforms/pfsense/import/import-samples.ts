// Helpers for the tests of pfSense's import: build entries of a sample config.xml (virtual IPs, 1:1 NAT, rules,
// aliases), import it, and print the imported, assumed and skipped entries.

import { printPrefix } from '../../../../lib/net/address';
import { capturer } from '../../../../lib/platforms/pfsense/capture/capture';
import { importer } from '../../../../lib/platforms/pfsense/import/importer';
import { ImportableConfig, ImportableMapping } from '../../../../lib/parse/config-importer';
import { Parts, at, configuration, rule } from '../parse/boxes';

// Prints what an import finds on a box.

export const captured = (parts: Parts): string => capturer.capture(configuration(parts)).text;
export const find = (parts: Parts): ImportableConfig => importer.find(captured(parts));

export const vip = (
  address: string,
  fields = '<mode>ipalias</mode><interface>wan</interface><uniqid>5f00000000001</uniqid>',
): string =>
  `<vip>${fields}<subnet>${address}</subnet><subnet_bits>32</subnet_bits><type>single</type><descr><![CDATA[vip ${address}]]></descr></vip>`;
export const oneToOne = (external: string, inside: string, rest = ''): string =>
  `<onetoone><interface>wan</interface><external>${external}</external><source>${at(inside)}</source>` +
  `<destination><any></any></destination>${rest}<descr><![CDATA[for ${inside}]]></descr></onetoone>`;
export const tcp = (to: string, port: string, more: { from?: string; rest?: string } = {}): string =>
  rule('pass', 'wan', {
    from: more.from ?? '<any></any>',
    to: `${at(to)}<port>${port}</port>`,
    rest: `<protocol>tcp</protocol>${more.rest ?? ''}`,
  });
export const alias = (name: string, words: string, type = 'host'): string =>
  `<alias><name>${name}</name><type>${type}</type><address>${words}</address></alias>`;

export const MAIL: Parts = { vips: vip('203.0.113.10'), oneToOne: oneToOne('203.0.113.10', '10.0.1.50') };
export const said = ({ mappings }: ImportableConfig): readonly string[] => mappings.map(sayMapping);
const sayMapping = ({ external, internal, allowRules, excluded }: ImportableMapping): string =>
  [
    `${printPrefix(external)} = ${printPrefix(internal)}${excluded.map((one) => ` but for ${printPrefix(one)}`).join()}`,
    ...allowRules.map(
      ({ protocol, ports, sources, opensMore }) =>
        `${protocol} ${ports === 'all' ? 'all' : ports.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',')} from ${
          sources === 'anywhere'
            ? sources
            : sources.map((one) => (typeof one === 'string' ? one : printPrefix(one))).join(',')
        }${opensMore ? ' and more' : ''}`,
    ),
  ].join('; ');
export const reasons = ({ skipped }: ImportableConfig): readonly string[] =>
  skipped.map(({ entry, reason }) => `${entry.label}: ${reason}`);
export const assumptions = ({ assumed }: ImportableConfig): readonly string[] =>
  assumed.map(({ entry, reason }) => `${entry.label}: ${reason}`);
