/**
 * Tests that the registry loads a platform only when it is asked for.
 *
 * @jest-environment node
 */

jest.mock('../../lib/platforms/pfsense', () => {
  throw new Error('loaded');
});
import { knownPlatforms, platforms } from '../../lib/registry';

test('a platform is loaded when it is asked for, and no other', () => {
  expect(knownPlatforms.map(({ id }) => id)).toContain('pfsense');
  expect(platforms.nftables.capabilities.id).toBe('nftables');
  expect(() => platforms.pfsense).toThrow('loaded');
});
