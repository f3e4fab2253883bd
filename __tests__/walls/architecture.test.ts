// Tests that the rooms and arrows of contributing/architecture.md are those of the table of allowed imports.

import { read } from './sources';
import { WALLS, roomOf } from './table';

const PAGE = read('contributing/architecture.md');
const [, picture] = /```mermaid\n([^]*?)```/.exec(PAGE)!;

/** The rooms of the page's table, from the ground up. */
const rooms = [...PAGE.matchAll(/^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, room]) => room!);

/** The rooms of which a room may import at least one file. Packages are none. */
const importedBy = (room: string): readonly string[] =>
  (WALLS[room] ?? []).flatMap((allowed) =>
    /^(npm|node):/.test(allowed)
      ? []
      : allowed === 'lib/!platforms'
        ? Object.keys(WALLS).filter((other) => other.startsWith('lib/') && !other.startsWith('lib/platforms/'))
        : [roomOf(allowed)],
  );

describe('contributing/architecture.md', () => {
  test('its table has every room of the walls once, and no other', () =>
    expect([...rooms].sort()).toEqual(Object.keys(WALLS).sort()));

  test('a room imports only rooms above it, or one that imports it as well', () => {
    const upward = rooms.flatMap((room, index) =>
      importedBy(room)
        .filter(
          (other) => other !== room && !rooms.slice(0, index).includes(other) && !importedBy(other).includes(room),
        )
        .map((other) => `${room} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });

  test('each arrow of its picture leads from a room to one that it may import', () => {
    const drawn = new Map([...picture!.matchAll(/^ *(\w+)\["([^"]+)"\]$/gm)].map(([, id, room]) => [id!, room!]));
    const arrows = [...picture!.matchAll(/^ *(\w+) --> ([\w &]+)$/gm)].flatMap(([, from, to]) =>
      to!.split(' & ').map((id) => [drawn.get(from!), drawn.get(id)] as const),
    );
    expect(arrows.length).toBeGreaterThan(30);
    expect(
      arrows.filter(([from, to]) => from === undefined || to === undefined || !importedBy(from).includes(to)),
    ).toEqual([]);
    expect(new Set(arrows.flat())).toEqual(new Set(drawn.values()));
  });
});
