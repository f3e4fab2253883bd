// Tests that the picture of a review with more changes than fit counts the rest and cuts no number or name in two.

import { printHtml } from '../../../lib/review/print/review-html';
import { parsed, sha256, textWithin } from '../../printing/parsed';
import { caption, changing, drawn } from './read-picture';
import { none } from './review-parts';
import { huge } from './samples';

describe('the picture of a review with more than fits', () => {
  it("counts the changes that aren't listed", () =>
    expect(caption({ ...changing({}), counts: { ...none, opened: 400 } })).toBe(
      'What changes, from where and to whom, of the first change that is listed; 399 more are counted.',
    ));

  it("counts the further services of an arrow and the excluded sources that don't fit", () => {
    const many = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', 'anywhere'].map((sources) => ({ sources }));
    expect(drawn(changing(...many))!.texts.slice(1, 5)).toEqual([
      'opens to anybody: tcp 3306',
      'opens to 192.0.2.1: tcp 3306',
      'opens to 192.0.2.2: tcp 3306',
      'and 2 more',
    ]);
    const but = { sources: 'anywhere but 198.51.100.0/24, 192.0.2.0/24', service: 'tcp 21,30000-50000' };
    expect(drawn(changing(but))!.texts.slice(1, 3)).toEqual([
      'opens to anybody but 198.51.100.0/24 and 1 more:',
      'tcp 21,30000-50000',
    ]);
    const twenty = Array.from({ length: 20 }, (_, n) => `198.51.${n}.0`);
    expect(drawn(changing({ sources: [...twenty, 'and 5 more'].join(', ') }))!.texts[1]).toBe(
      'opens to 198.51.0.0 and 24 more: tcp 3306',
    );
    const ports = Array.from({ length: 9 }, (_, n) => ({ service: `tcp ${n}${n}${n}0-${n}${n}${n}9` }));
    expect(drawn(changing(...ports))!.texts.slice(1, 3)).toEqual([
      'opens to anybody: tcp 0000-0009, tcp 1110-1119,',
      'tcp 2220-2229 and 6 more',
    ]);
  });

  it('wraps a label into a second line and cuts it at the end of that', () => {
    const many = Array.from({ length: 30 }, (_, n) => 1000 + n).join();
    const source = '2001:db8:1111:2222:3333:4444:5555:6666-2001:db8:1111:2222:3333:4444:5555:7777';
    expect(
      drawn(changing({ service: `tcp ${many}`, destinations: ['2a01:4f8:c17:b0f1:22::10'], destinationCount: 13 }))!
        .texts,
    ).toEqual([
      '2a01:4f8:c17:b0f1:22::10',
      'and 12 more',
      'opens to anybody: tcp 1000,1001,1002,1003,1004,1005,',
      '1006,1007,1008,1009,1010,1011,1012,1013,1014,1015,…',
      'the internet by',
      'wan0',
      'edge1',
      'web1',
    ]);
    expect(drawn(changing({ service: `tcp ${many}`, sources: source }))!.texts.slice(1, 3)).toEqual([
      'opens to 2001:db8:1111:2222:3333:…: tcp 1000,1001,',
      '1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,…',
    ]);
  });

  it('cuts no number in two, and has the whole text as a title', () => {
    const service = 'tcp 587,993,995,5000,6000,7000,8000,9000,10000,11000,12000,13000,14000,15000,16000,17000,18000';
    const long = 'production-mail-server-frankfurt-am-main';
    const html = printHtml(changing({ service, destinationHost: `10.0.0.10 of ${long}` }), sha256);
    const { elements } = parsed(html);
    const titles = elements
      .filter(({ tagName, parentNode }) => tagName === 'title' && parentNode?.nodeName === 'g')
      .map((one) => textWithin(one).trim());
    expect(titles).toEqual([`opens to anybody: ${service}`, `10.0.0.10 of ${long}`]);
    expect(drawn(changing({ service }))!.texts.slice(1, 3)).toEqual([
      'opens to anybody: tcp 587,993,995,5000,6000,7000,',
      '8000,9000,10000,11000,12000,13000,14000,15000,…',
    ]);
    expect(printHtml(changing({}), sha256)).not.toMatch(/<g[^>]*><title>/);
  });

  it('has twelve arrows at most and counts the others', () => {
    const { arrows, boxes } = drawn(huge)!;
    expect([arrows, boxes]).toEqual([24, 14]);
    expect(caption(huge)).toBe(
      'What changes, from where and to whom, of the first 300 changes, which are listed; 9,700 more are counted. 18 more ways are in the tables below.',
    );
  });
});
