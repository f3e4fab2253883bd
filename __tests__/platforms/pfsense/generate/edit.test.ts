// Tests how generated entries are put into pfSense's config.xml and taken out: each at its place, and every other byte
// stays.

import { parseConfiguration } from '../../../../lib/platforms/pfsense/generate/configuration';
import { replaceEntries } from '../../../../lib/platforms/pfsense/generate/replace-entries';
import { PfsenseEntries, createNoEntries } from '../../../../lib/platforms/pfsense/generate/pfsense-entries';
import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { XmlElement, parseXml } from '../../../../lib/xml/parse-xml';
import { box } from './samples';
import { mapping, virtualIp } from '../../../generate/support';
import { BEFORE, ENTRIES } from './edit-samples';

const edit = (before: string, entries: PfsenseEntries): string =>
  replaceEntries(parseConfiguration(before, 'the configuration'), entries);
const AFTER = edit(BEFORE, ENTRIES);

const described = (text: string, section: string, name: string): readonly string[] =>
  parseXml(text)
    .children.filter((one) => one.name === section)
    .flatMap(({ children }) => children.filter((one) => one.name === name))
    .map((one) => one.children.find((field) => field.name === 'descr')?.text ?? '');

const rows = (text: string): readonly string[] => {
  const all: string[] = [];
  const walk = (element: XmlElement): void => {
    if (element.name === 'row') all.push(element.text);
    element.children.forEach(walk);
  };
  walk(parseXml(text));
  return all;
};

describe('an edit', () => {
  it('puts each entry at its place', () => {
    expect(described(AFTER, 'virtualip', 'vip')).toEqual(["theirs &amp; nobody's", 'cpanel-edge:web/vip']);
    expect(described(AFTER, 'aliases', 'alias')).toEqual(['cpanel-edge:web/ports']);
    expect(described(AFTER, 'nat', 'onetoone')).toEqual(['cpanel-edge:web/one', 'cpanel-edge:web-2/theirs']);
    expect(described(AFTER, 'filter', 'rule')).toEqual([
      'kept out by name',
      '',
      'cpanel-edge:web/a',
      'cpanel-edge:web/b',
      'everybody',
      'below',
      'cpanel-edge:web/float',
      'float',
      'cpanel-edge:web/c',
    ]);
  });

  it('changes no byte of other entries', () => {
    const ours = /\t\t<(vip|onetoone|rule)>(?:(?!<\/\1>)[\s\S])*?cpanel-edge:web\/[\s\S]*?<\/\1>\n/g;
    const theirs = (text: string): string =>
      text
        .replace(ours, '')
        .replaceAll(/<row>fr\d+<\/row>/g, '')
        .replace(/\t<aliases>[\s\S]*<\/aliases>\n/, '');
    expect(theirs(AFTER)).toBe(theirs(BEFORE));
  });

  it('moves separators together with the rule below them', () => {
    // wan: others' rule 0, ours 1 and 2 (one before), others' 3 and 4.
    expect(rows(BEFORE)).toEqual(['fr0', 'fr2', 'fr3', 'fr1', 'fr1']);
    expect(rows(AFTER)).toEqual(['fr0', 'fr3', 'fr4', 'fr2', 'fr1']);
    expect(rows(edit(AFTER, createNoEntries('web')))).toEqual(['fr0', 'fr1', 'fr2', 'fr1', 'fr1']);
  });

  it('changes nothing if it is repeated', () => {
    expect(edit(AFTER, ENTRIES)).toBe(AFTER);
    expect(edit(edit(AFTER, createNoEntries('web')), ENTRIES)).toBe(AFTER);
    const gone = edit(AFTER, createNoEntries('web'));
    expect(edit(gone, createNoEntries('web'))).toBe(gone);
    expect(gone).toBe(edit(BEFORE, createNoEntries('web')));
    const lists = /<(?:virtualip|aliases|nat|filter)>[\s\S]*<\/filter>\n/;
    const bare = BEFORE.replace(lists, '');
    expect(edit(edit(bare, { ...ENTRIES, helper: true }), createNoEntries('web'))).toBe(bare);
  });

  it('removes an owner’s entries and none of an owner whose name begins so', () => {
    const gone = edit(AFTER, createNoEntries('web'));
    expect(gone).not.toContain('cpanel-edge:web/');
    expect(gone).toContain('cpanel-edge:web-2/theirs');
    expect(edit(gone, createNoEntries('web-2'))).not.toContain('cpanel-edge');
  });

  it('creates the lists that a box lacks', () => {
    for (const bare of [
      '<pfsense><version>23.3</version></pfsense>',
      '<pfsense>\n\t<version>23.3</version>\n\t<virtualip/>\n\t<nat></nat>\n\t<filter>\n\t</filter>\n</pfsense>\n',
    ]) {
      const after = edit(bare, { ...ENTRIES, helper: true });
      expect(described(after, 'virtualip', 'vip')).toEqual(['cpanel-edge:web/vip']);
      expect(described(after, 'filter', 'rule')).toHaveLength(4);
      expect(
        parseXml(after)
          .children.map(({ name }) => name)
          .sort(),
      ).toEqual(['aliases', 'filter', 'nat', 'system', 'version', 'virtualip']);
      expect(edit(after, { ...ENTRIES, helper: true })).toBe(after);
    }
  });

  it('accepts any spelling of XML', () => {
    const odd = BEFORE.replaceAll('\n', '\r\n')
      .replaceAll('\t', '  ')
      .replace('<virtualip>', '<!-- <vip> --><virtualip >')
      .replaceAll('<any/>', '<any />');
    const after = edit(odd, ENTRIES);
    expect(described(after, 'filter', 'rule')).toEqual(described(AFTER, 'filter', 'rule'));
    expect(described(after, 'virtualip', 'vip')).toEqual(described(AFTER, 'virtualip', 'vip'));
    const flat = BEFORE.replaceAll(/[\n\t]/g, '');
    const all = edit(flat, ENTRIES);
    expect(described(all, 'filter', 'rule')).toEqual(described(AFTER, 'filter', 'rule'));
    expect(edit(all, createNoEntries('web'))).not.toContain('cpanel-edge:web/');
  });
});

describe('the reflection switch', () => {
  const turnedOn = edit(BEFORE, { ...ENTRIES, helper: true });

  it('is turned on beside the other settings, and noted', () => {
    expect(turnedOn).toContain(
      '<hostname>edge</hostname>\n\t\t<enablenatreflectionhelper>yes</enablenatreflectionhelper>\n',
    );
    expect(turnedOn).toContain('<cpanel_edge><captured/><sets>enablenatreflectionhelper</sets></cpanel_edge>');
    expect(edit(turnedOn, { ...ENTRIES, helper: true })).toBe(turnedOn);
  });

  it('is turned off with the entries that need it', () => {
    expect(edit(turnedOn, ENTRIES)).toBe(AFTER);
  });

  it('stays on if an administrator turned it on', () => {
    const theirs = BEFORE.replace(
      '\t</system>',
      '\t\t<enablenatreflectionhelper>yes</enablenatreflectionhelper>\n\t</system>',
    );
    expect(edit(theirs, ENTRIES)).toContain('enablenatreflectionhelper>yes');
    expect(edit(edit(theirs, ENTRIES), createNoEntries('web'))).toContain('enablenatreflectionhelper>yes');
    const both = edit(theirs, { ...ENTRIES, helper: true });
    expect(both).toContain('<sets>enablenatreflectionhelper</sets><had>enablenatreflectionhelper</had></cpanel_edge>');
    expect(edit(both, { ...ENTRIES, helper: true })).toBe(both);
    expect(edit(both, createNoEntries('web'))).toBe(edit(theirs, createNoEntries('web')));
    expect(edit(edit(both, createNoEntries('web')), { ...ENTRIES, helper: true })).toBe(both);
  });
});

describe('two owners on one box', () => {
  const interfaces = box([])
    .interfaces.slice(0, 2)
    .map((one, index) => ({ ...one, name: ['igb0', 'lan'][index]! }));
  const policy = (owner: string, n: number) =>
    box([mapping(`203.0.113.${n}`, `10.0.0.${n}`, { name: `m-${n}`, interface: 'igb0' })], {
      owner,
      interfaces,
      virtualIps: [virtualIp(`203.0.113.${n}`, { interface: 'igb0' })],
    });

  it('keep each other’s entries', () => {
    const first = generator.write(policy('first', 10), BEFORE).text;
    const both = generator.write(policy('second', 11), first).text;
    expect(generator.without(both, 'second').text).toBe(first);
    expect(generator.write(policy('second', 11), both).text).toBe(both);
    const onlySecond = generator.without(both, 'first').text;
    expect(onlySecond).not.toContain('cpanel-edge:first/');
    expect(
      described(onlySecond, 'filter', 'rule').filter((descr) => descr.startsWith('cpanel-edge:second/')),
    ).toHaveLength(3);
  });
});
