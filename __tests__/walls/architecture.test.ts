// Tests that the rooms and arrows of contributing/architecture.md are those of the table of allowed imports.

import { read } from './sources';
import { WALLS, roomOf } from './table';

const PAGE = read('contributing/architecture.md');
const [, picture] = /```mermaid\n([^]*?)```/.exec(PAGE)!;

/** The rooms of the page's table, from the ground up. */
const rooms = [...PAGE.matchAll(/^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, room]) => room!);

/** The rooms from which a room may import at least one file. Packages are not included. */
const importedBy = (room: string): readonly string[] =>
  (WALLS[room] ?? []).flatMap((allowed) =>
    /^(npm|node):/.test(allowed)
      ? []
      : allowed === 'lib/!platforms'
        ? Object.keys(WALLS).filter((other) => other.startsWith('lib/') && !other.startsWith('lib/platforms/'))
        : [roomOf(allowed)],
  );

describe('contributing/architecture.md', () => {
  test('has each room once in its table, and no other', () =>
    expect([...rooms].sort()).toEqual(Object.keys(WALLS).sort()));

  test('lets a room import only rooms above it in the table, or ones that import it as well', () => {
    const upward = rooms.flatMap((room, index) =>
      importedBy(room)
        .filter(
          (other) => other !== room && !rooms.slice(0, index).includes(other) && !importedBy(other).includes(room),
        )
        .map((other) => `${room} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });

  test('has only arrows from a room to one that it may import', () => {
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
