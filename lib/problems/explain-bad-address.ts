/**
 * Returns the mistake in a text that is no valid address or prefix, as the end of a sentence (`: all four numbers are
 * needed`), or an empty text if it has none of the usual ones. Devices interpret such texts differently.
 */
export function explainBadAddress(text: string): string {
  if (/^\d+(\.\d+){3}[/ ]\d+(\.\d+){3}$/.test(text)) return ': the length is written as a mask';
  if (/[,;]/.test(text)) return ': it is several, and each is a text of its own';
  if (/\s/.test(text)) return ': there is a space in it';
  if (/^[0-9a-f.:]+-[0-9a-f.:]+$/i.test(text)) return ': it is a range; write the prefixes that make it up';
  if (text.includes('%')) return ': zones belong to one device only';
  if (/^::ffff:\d+\.\d+\.\d+\.\d+/i.test(text)) return ': write the IPv4 address itself';
  if (/^(\d+(\.\d+){3}|\[[0-9a-f:]+\]):\d+$/i.test(text)) return ': a port stands behind it';
  if (/^(0\d|[\d.]*\.0\d)/.test(text)) return ': leading zeros are octal to some devices';
  if (/^\d+(\.\d+){0,2}(\/\d+)?$/.test(text)) return ': all four numbers are needed';
  const [, quad, length] = /^(\d+(?:\.\d+){3})(?:\/(\d+))?$/.exec(text) ?? [];
  if (quad?.split('.').some((octet) => Number(octet) > 255)) return ': none of the four numbers may be above 255';
  if (quad !== undefined && Number(length) > 32) return ': a length of IPv4 is 32 at most';
  if (/^[0-9a-f:]*:[0-9a-f:]*\/\d+$/i.test(text) && Number(text.split('/')[1]) > 128)
    return ': a length of IPv6 is 128 at most';
  if (/^[a-z][a-z0-9.-]*\.[a-z]{2,}$/i.test(text)) return ': names of hosts change their address after it was proven';
  return '';
}
