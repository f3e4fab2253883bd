import { Test } from './ruleset';

/**
 * Rules that compare one field with one value say the same a thousand times: that is one object, which is checked and understood once. Where it
 * is written each rule knows itself.
 */
export class SharedTests {
  private readonly known = new Map<string, Map<string, Test>>();

  of(test: Test): Test {
    const { fields, comparison, right, mask } = test;
    if (fields.length !== 1 || mask !== undefined || 'set' in right || right.braces || right.elements.length !== 1)
      return test;
    const [value, ...more] = right.elements[0]!.key;
    if (more.length > 0) return test;
    const name = comparison === '' ? fields[0]! : `${fields[0]!} ${comparison}`;
    let some = this.known.get(name);
    if (!some) this.known.set(name, (some = new Map<string, Test>()));
    const known = some.get(value!);
    if (!known) some.set(value!, test);
    return known ?? test;
  }
}
