import { NftTest } from './syntax-tree';

/**
 * Shares equal tests. Thousands of rules may compare one field with one value: they get one object, which is checked
 * and lowered once. Each rule knows its own line.
 */
export class TestInternTable {
  private readonly byFieldAndValue = new Map<string, Map<string, NftTest>>();

  getOrAdd(test: NftTest): NftTest {
    const { fields, comparison, right, mask } = test;
    if (fields.length !== 1 || mask !== undefined || 'set' in right || right.braces || right.elements.length !== 1)
      return test;
    const [value, ...otherValues] = right.elements[0]!.key;
    if (otherValues.length > 0) return test;
    const name = comparison === '' ? fields[0]! : `${fields[0]!} ${comparison}`;
    let byValue = this.byFieldAndValue.get(name);
    if (!byValue) this.byFieldAndValue.set(name, (byValue = new Map<string, NftTest>()));
    const existing = byValue.get(value!);
    if (!existing) byValue.set(value!, test);
    return existing ?? test;
  }
}
