// Tests the picture of a review: an arrow for each sender, gateway and host, with what opens, moves and closes there.

import { printHtml } from '../../../lib/review/print/review-html';
import { Change } from '../../../lib/review/review';
import { parsed, sha256, textWithin } from '../../printing/parsed';
import { caption, changing, drawn } from './read-picture';
import { web1 } from './review-parts';
import { afterFailure, mistake, quiet } from './samples';

describe('the picture of a review', () => {
  it('has an arrow for each sender, gateway and host, with what opens, moves and closes there, the worst first', () => {
    expect(drawn(mistake)).toEqual({
      texts: [
        '203.0.113.10',
        'opens to anybody: tcp 3306, tcp 587',
        'closes for anybody: tcp 2077',
        '203.0.113.11',
        'translated here, was web1: tcp 443',
        '203.0.113.10',
        'opens to 10.0.0.0/24: tcp 3306',
        'the internet by',
        'wan0',
        'inside by lan0',
        'edge1',
        'edge1',
        'web1',
        '10.0.0.12 of web2',
        'web1',
      ],
      arrows: 6,
      boxes: 7,
      tones: ['bad', 'bad', 'good', 'plain', 'plain', 'plain', 'plain'],
    });
    expect(caption(mistake)).toBe('What changes, from where and to whom.');
  });

  it('names undecided changes before opened ports', () => {
    expect(drawn(afterFailure)!.texts.slice(0, 4)).toEqual([
      '203.0.113.13',
      'undecided for anybody: tcp 21,30000-50000',
      '203.0.113.10 and 2 more',
      'opens to 198.51.100.0/28 and 2 more: tcp 8443',
    ]);
  });

  it('is omitted if no port opens, closes, moves or is undecided', () => {
    expect(drawn(quiet)).toBeUndefined();
    expect(drawn(changing({ kind: 'identity', hostBefore: 'a', hostAfter: 'b' }))).toBeUndefined();
  });

  it('draws an arrow past the gateway if a server was evaluated alone', () => {
    const { texts, arrows, boxes } = drawn(
      changing({ scope: 'one device', device: 'web1/hosting', destinationHost: '' }),
    )!;
    expect([texts.slice(2), arrows, boxes]).toEqual([['the internet by', 'wan0', 'web1'], 1, 2]);
  });

  it('names an unknown host, the gateway itself, and a translated port', () => {
    const to = (destinationHost: string): string | undefined =>
      drawn(changing({ destinationHost }))!.texts.slice(5).join(' ');
    expect([
      to('10.0.0.99'),
      to('10.0.0.99 of other'),
      to('the gateway itself'),
      to(''),
      to('10.0.0.11 of web2 port 8443'),
      to('10.0.0.10 of web1 and 10.0.0.11 of web2'),
      to('10.0.0.10 of web1 and 10.0.0.99 of other'),
    ]).toEqual([
      '10.0.0.99',
      '10.0.0.99 of other',
      'the gateway itself',
      'several hosts',
      'web2',
      'web1, web2',
      '10.0.0.10 of web1 and 10.0.0.99 of other',
    ]);
  });

  it('names the former server of what moves, or the former address or port of the same server', () => {
    const was = (from: string, to: string): string | undefined =>
      drawn(changing({ kind: 'moved', hostBefore: from, hostAfter: to, destinationHost: to }))!.texts[1]?.replace(
        ': tcp 3306',
        '',
      );
    expect([
      was('10.0.0.11 of web2', '10.0.0.10 of web1'),
      was('10.0.0.11 of web1', '10.0.0.10 of web1'),
      was('10.0.0.11 of web1', '10.0.0.10 of web1 port 3307'),
      was('10.0.0.10 of web1', '10.0.0.10 of web1 port 3307'),
      was('10.0.0.10 of web1 port 3307', '10.0.0.10 of web1'),
      was('10.0.0.11 of web2 port 3307', '10.0.0.10 of web1'),
      was('10.0.0.99', '10.0.0.10 of web1'),
      was('203.0.113.10: 10.0.0.9; 203.0.113.11: 10.0.0.8', '10.0.0.10 of web1'),
    ]).toEqual([
      'translated here, was web2',
      'translated here, was 10.0.0.11',
      'translated here, was 10.0.0.11',
      'translated here, was another port',
      'translated here, was port 3307',
      'translated here, was web2 port 3307',
      'translated here, was 10.0.0.99',
      'translated here, was elsewhere',
    ]);
  });

  it('joins hosts with the same changes into one arrow with all their addresses', () => {
    const servers = [1, 2, 3, 4].map((n) => ({
      destinations: [`203.0.113.1${n}`],
      destinationHost: `10.0.0.1${n} of web${n}`,
    }));
    expect(drawn(changing(...servers, { ...servers[3], service: 'tcp 25', kind: 'closed' }))!.texts).toEqual([
      '203.0.113.11 and 2 more',
      'opens to anybody: tcp 3306',
      '203.0.113.14',
      'opens to anybody: tcp 3306',
      'closes for anybody: tcp 25',
      'the internet by',
      'wan0',
      'edge1',
      'web1, web2, web3',
      'web4',
    ]);
    const many = [1, 2].map((n) => ({
      destinations: [`203.0.11${n}.0`, `203.0.11${n}.1`],
      destinationCount: 40,
      destinationHost: `10.0.0.1${n} of web${n}`,
    }));
    expect(drawn(changing(...many))!.texts[0]).toBe('203.0.111.0 and 79 more');
  });

  it("has an arrow for each set of addresses, so that a port isn't shown at an address where it doesn't open", () => {
    const both = { destinations: ['203.0.113.10', '203.0.113.11'], destinationCount: 2 };
    expect(drawn(changing({}, { ...both, service: 'tcp 25' }))!.texts.slice(0, 4)).toEqual([
      '203.0.113.10',
      'opens to anybody: tcp 3306',
      '203.0.113.10 and 1 more',
      'opens to anybody: tcp 25',
    ]);
  });

  it('omits packets that a device sends itself, which reach no device of the review', () => {
    const sent = {
      device: 'web1/hosting',
      scope: 'one device' as const,
      fromInternet: false,
      destinations: ['any IPv4'],
      destinationHost: '',
    };
    expect(drawn(changing({ ...sent, startLocation: 'the device itself' }))).toBeUndefined();
    expect(drawn(changing({ ...sent, startLocation: 'the device itself; inside by lan0' }))!.texts).toContain(
      'inside by lan0',
    );
  });

  it('draws the arrow through a gateway that shares its device with a server', () => {
    const review = changing({});
    const devices = [...review.devices, { ...web1, device: 'edge1', owner: 'host' }];
    expect(drawn({ ...review, devices })!.texts.slice(2)).toEqual(['the internet by', 'wan0', 'edge1', 'web1']);
  });

  it('draws what opens to the internet before what closes, if not all fits', () => {
    const closing = Array.from({ length: 13 }, (_, n) => ({
      kind: 'closed' as const,
      destinations: [`203.0.113.${n}`],
      destinationHost: `10.0.1.${n}`,
      service: `tcp ${n}`,
    }));
    const { texts, arrows } = drawn(changing(...closing, { device: 'edge2/hosting', service: 'tcp 3306' }))!;
    expect([arrows, texts.includes('edge2'), texts.includes('opens to anybody: tcp 3306')]).toEqual([24, true, true]);
    const undecided = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((sources) => ({
      kind: 'unknown' as const,
      sources,
    }));
    expect(drawn(changing(...undecided, {}))).toMatchObject({
      texts: [
        '203.0.113.10',
        'undecided for 192.0.2.1: tcp 3306',
        'undecided for 192.0.2.2: tcp 3306',
        'opens to anybody: tcp 3306',
        'and 2 more',
        'the internet by',
        'wan0',
        'edge1',
        'web1',
      ],
      tones: ['bad', 'unsure', 'unsure', 'bad', 'unsure'],
    });
  });

  it('draws the worst first: opened to any source, opened to listed sources, closed, then the rest', () => {
    const kinds: readonly Partial<Change>[] = [
      { kind: 'moved', hostBefore: '10.0.0.9' },
      { kind: 'closed' },
      { sources: '10.0.0.0/24', fromInternet: false, startLocation: 'inside by lan0' },
      { sources: '192.0.2.0/24' },
      {},
    ];
    const all = kinds.map((one, n) => ({ ...one, destinations: [`203.0.113.${n}`], destinationHost: `10.0.1.${n}` }));
    const order = [4, 3, 1, 0, 2]; // Inside is another sender, whose arrows are grouped.
    expect(drawn(changing(...all))!.texts.filter((text) => text.startsWith('203.'))).toEqual(
      order.map((n) => `203.0.113.${n}`),
    );
    const listed = Array.from({ length: 12 }, (_, n) => ({
      ...all[3],
      destinations: [`192.0.2.${n}`],
      destinationHost: `10.0.2.${n}`,
      service: `tcp ${n}`,
    }));
    const many = changing(...all, ...listed);
    const shown = drawn(many)!.texts.filter((text) => /^(203|192)\./.test(text));
    expect([shown[0], shown.length, shown.filter((text) => text.startsWith('203.'))]).toEqual([
      '203.0.113.4',
      12,
      ['203.0.113.4', '203.0.113.3'],
    ]);
    expect(caption(many)).toBe('What changes, from where and to whom. 5 more ways are in the tables below.');
  });

  it('draws public destinations before private ones, and labels an arrow with its public address', () => {
    const all = ['10.9.0.10', '10.0.0.8-10.0.0.10', '2001:db8::10', 'any IPv4 but 192.0.2.1'].map((one, n) => ({
      destinations: [one],
      destinationHost: `10.0.1.${n}`,
      service: `tcp ${n}`,
    }));
    const asked = drawn(changing(...all))!.texts.filter((text) => all.some(({ destinations: [one] }) => text === one));
    expect(asked).toEqual(['2001:db8::10', 'any IPv4 but 192.0.2.1', '10.9.0.10', '10.0.0.8-10.0.0.10']);
    const both = drawn(changing({ destinations: ['10.9.0.10', '203.0.113.10'], destinationCount: 2 }))!.texts[0];
    expect(both).toBe('203.0.113.10 and 1 more');
  });

  it('leaves to the tables what is the same from inside, and says so', () => {
    const review = changing(
      {},
      { fromInternet: false, startLocation: 'inside by lan0' },
      { fromInternet: false, startLocation: 'inside by lan1', service: 'tcp 25' },
    );
    expect(drawn(review)!.texts.filter((text) => /^(the internet|inside|opens)/.test(text))).toEqual([
      'opens to anybody: tcp 3306',
      'opens to anybody: tcp 25',
      'the internet by',
      'inside by lan1',
    ]);
    expect(caption(review)).toBe(
      'What changes, from where and to whom. What is the same from inside is in the tables below.',
    );
  });

  it('becomes a list of whole words on narrow screens', () => {
    const but = { sources: 'anywhere but 198.51.100.0/24, 192.0.2.0/24', service: 'icmp echo-request' };
    const alone = {
      scope: 'one device' as const,
      device: 'web2/hosting',
      destinationHost: '',
      startLocation: 'the internet by eth0',
      kind: 'closed' as const,
    };
    const { elements } = parsed(printHtml(changing(but, alone), sha256));
    const [ways] = elements.filter(({ tagName, parentNode }) => tagName === 'ul' && parentNode?.nodeName === 'figure');
    expect(
      textWithin(ways!)
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      'the internet by wan0',
      '203.0.113.10 → edge1 → web1',
      'opens to anybody but 198.51.100.0/24 and 1 more: icmp echo-request',
      'the internet by eth0',
      '203.0.113.10 → web2',
      'closes for anybody: tcp 3306',
    ]);
  });
});
