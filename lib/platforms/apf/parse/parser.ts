import { Device } from '../../../net/device';
import { ConfigParser } from '../../../parse/config-parser';
import { hasPrintedFiles } from '../../../parse/server-files';
import { LoweredConfig, evaluateConfig } from '../../../evaluator/evaluate-config';
import { createOpenRuleset } from '../../../parse/xtables/load-notes';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { createLowering } from '../../iptables/parse/file-program-live';
import { loadConfiguration } from './configuration';
import { ApfFiles, parseFiles } from './apf-files';
import { messages } from './parse-problems';

/**
 * Reads what runs, as `iptables-save` and `ip6tables-save` print it, and files of APF, as `tail -v -n +1` prints them, as what their version
 * loads from them at its first start: all of a server's, or those alone that open something.
 */
export const parser: ConfigParser = {
  read: (text, device) =>
    evaluateConfig(
      'apf',
      () => (hasPrintedFiles(text) ? lowerOnDevice(parseFiles(text, true), device) : lowerSaved(parseRunning(text))),
      device,
    ),
};

/** Where nobody gave it a rule, the kernel has no table of IPv6, and nothing is printed of it. */
function parseRunning(text: string): ParsedXtables {
  const saved = parseXtables(text, messages);
  if (saved.tables.some(({ family }) => family === 'ip6')) return saved;
  return {
    ...saved,
    tables: [...saved.tables, ...createOpenRuleset({ line: 1 }).tables.filter(({ family }) => family === 'ip6')],
  };
}

/** Of a device that nobody told only guesses are known: its files alone decide then. */
export const lowerOnDevice = (files: ApfFiles, device: Device): LoweredConfig =>
  lowerSaved(loadConfiguration(files, device.supposed ? undefined : device.interfaces).saved);

export const lowerSaved = createLowering(messages);
