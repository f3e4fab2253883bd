// Waits until a device of the lab can be reached by SSH.

import { Outcome, run, until } from './command';
import { Machine } from './machine';
import { inNamespace, namespaceOf } from './namespace';

/**
 * Waits until the device's sshd answers the operator at the device's `address`. If it doesn't, it throws with the state
 * of both ends.
 */
export async function reached(lab: string, machine: Machine, address: string, seconds = 10): Promise<void> {
  const asks = inNamespace(namespaceOf(lab, 'operator'), ['ssh-keyscan', '-T', '3', '-t', 'ed25519', address]);
  const { name } = machine.node;
  try {
    await until(`${name} answers the operator at ${address}`, seconds, async () =>
      (await run(asks)).out.includes(' ssh-'),
    );
  } catch (error) {
    const seen = await Promise.all([
      run(inNamespace(namespaceOf(lab, 'wire'), ['bridge', 'link'])),
      ...['operator', name].map((node) =>
        run(inNamespace(namespaceOf(lab, node), ['sh', '-c', 'ip -br link; ip -br addr; ip neigh'])),
      ),
      run(
        await machine.inside([
          'sh',
          '-c',
          'systemctl --failed; systemctl status networking; journalctl -b --no-pager | tail -n 40',
        ]),
      ),
    ]);
    throw new Error([String(error), ...seen.map(said)].join('\n'));
  }
}

const said = ({ out, err }: Outcome): string => `${out}${err}`.trim();
