/** The usual ways to miss an address or a prefix, each read differently by some device: `: all four numbers are needed`. Empty: none of them. */
export function whyNoAddress(wrote: string): string {
  if (/^\d+(\.\d+){3}[/ ]\d+(\.\d+){3}$/.test(wrote)) return ': the length is written as a mask';
  if (/[,;]/.test(wrote)) return ': it is several, and each is a text of its own';
  if (/\s/.test(wrote)) return ': there is a space in it';
  if (/^[0-9a-f.:]+-[0-9a-f.:]+$/i.test(wrote)) return ': it is a range; write the prefixes that make it up';
  if (wrote.includes('%')) return ': zones belong to one device only';
  if (/^::ffff:\d+\.\d+\.\d+\.\d+/i.test(wrote)) return ': write the IPv4 address itself';
  if (/^(\d+(\.\d+){3}|\[[0-9a-f:]+\]):\d+$/i.test(wrote)) return ': a port stands behind it';
  if (/^(0\d|[\d.]*\.0\d)/.test(wrote)) return ': leading zeros are octal to some devices';
  if (/^\d+(\.\d+){0,2}(\/\d+)?$/.test(wrote)) return ': all four numbers are needed';
  const [, four, length] = /^(\d+(?:\.\d+){3})(?:\/(\d+))?$/.exec(wrote) ?? [];
  if (four?.split('.').some((one) => Number(one) > 255)) return ': none of the four numbers may be above 255';
  if (four !== undefined && Number(length) > 32) return ': a length of IPv4 is 32 at most';
  if (/^[0-9a-f:]*:[0-9a-f:]*\/\d+$/i.test(wrote) && Number(wrote.split('/')[1]) > 128)
    return ': a length of IPv6 is 128 at most';
  if (/^[a-z][a-z0-9.-]*\.[a-z]{2,}$/i.test(wrote)) return ': names of hosts change their address after it was proven';
  return '';
}
