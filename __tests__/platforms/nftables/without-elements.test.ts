import { foreign } from '../../../lib/platforms/nftables/read/foreign';

// `nft -t list ruleset` of 1.0.6 prints sets without their elements, and nothing that tells it from a listing of empty sets.

const SET = 'set friends {\n\ttype ipv4_addr\n%\t}';
const text = (elements: string, more = ''): string =>
  `table ip x {\n${SET.replace('%', elements)}\n${more}\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tip saddr @friends accept\n\t}\n}\n`;
const said = (its: string): readonly string[] => foreign.parsed(its).limits.filter((one) => one.includes('nft -t'));

describe('a listing of sets', () => {
  it('says what may be missing where none has an element', () => {
    expect(said(text(''))).toEqual([
      'the text has no element of any set or map (friends): they are judged as empty, and whatever is in them, nft -t prints them so',
    ]);
    expect(said(text('', 'map ports {\n\ttype inet_service : verdict\n}\n'))).toEqual([
      'the text has no element of any set or map (friends, ports): they are judged as empty, and whatever is in them, nft -t prints them so',
    ]);
  });

  it('is whole where one has an element', () => {
    expect(said(text('\telements = { 192.0.2.1 }\n', 'map ports {\n\ttype inet_service : verdict\n}\n'))).toEqual([]);
  });

  it('says nothing of sets that rules fill, or where there are none', () => {
    expect(said(text('\tflags dynamic\n'))).toEqual([]);
    expect(said('table ip x {\n}\n')).toEqual([]);
  });
});
