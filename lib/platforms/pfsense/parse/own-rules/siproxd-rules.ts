// Creates the pf rules that pfSense's package siproxd adds while it runs: SIP and its media, on the interfaces of its
// clients.

import { parseAddress } from '../../../../net/address';
import { NumberRange, toNumberRanges } from '../../../../net/device';
import { toSingleRange } from '../../../../net/range';
import { matchCriteria } from '../../../../parse/pf/match-packets';
import { createCertain } from '../../../../parse/pf/range-bounds';
import { findChild, getText } from '../elements/element';
import { parsePort } from '../elements/parse-literals';
import { PfsenseContext } from '../packets/resolve-addresses';
import { PackageRules } from './squid-rules';
import { createNamedLine, createBoxRule } from './system-rules';

const UDP = toNumberRanges(17);
const LOOPBACK_ADDRESS = toSingleRange(parseAddress('127.0.0.1')!);

/**
 * Returns the rules of siproxd by its settings; undefined without settings. No configuration tells whether it runs.
 * Source: siproxd_generate_rules in siproxd.inc of pfSense-pkg-siproxd.
 */
export function createSiproxdRules({ box }: PfsenseContext): PackageRules | undefined {
  const settings = findChild(box.root, 'installedpackages', 'siproxdsettings', 'config');
  if (!settings) return undefined;
  if (getText(settings, 'sipenable') !== 'on') return { filter: [], rdr: [] };
  const keys = getText(settings, 'if_inbound')
    .split(',')
    .filter((key) => key !== '');
  const interfaces = keys.map((key) => box.byKey.get(key));
  if (interfaces.includes(undefined)) return undefined;
  const line = createNamedLine(settings, 'rules of package siproxd');
  const getPort = (field: string, otherwise: number): number => parsePort(getText(settings, field)) ?? otherwise;
  const signaling: NumberRange = toSingleRange(getPort('port', 5060));
  const media: NumberRange = { first: getPort('rtplower', 7070), last: getPort('rtpupper', 7079) };
  const ports = createCertain(getText(settings, 'rtpenable') === '1' ? [signaling, media] : [signaling]);
  const reason = 'package siproxd opens it while it runs';
  const on = { is: interfaces.flatMap((boxInterface) => boxInterface?.covers ?? []) };
  const common = { on, protocols: UDP, unknownReasons: [reason] };
  return {
    filter: [createBoxRule(line, { ...common, ports })],
    rdr: [
      {
        ...matchCriteria({ ...common, line, ports: createCertain([signaling]) }),
        matchKey: 'siproxd',
        no: false,
        pass: false,
        to: { is: 'unclear', reason, pool: [LOOPBACK_ADDRESS] },
      },
    ],
  };
}
