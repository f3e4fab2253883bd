import { servicePackets } from '../intent/service-packets';
import { NOTHING_OPENED } from '../spec/server';
import { groupBy } from '../net/group-by';
import { Outside } from '../verifier/outside';
import { Project } from './files';
import { Opening, meantBy } from './meant';

type Reached = Pick<Outside, 'allowed' | 'reachable'>;

export interface StackProject extends Project {
  /** What review rules have no words for: a review objects to it. */
  readonly unnamed: readonly string[];
}

/** A project around a stack that is there already: its test and its rules say what the internet reaches. */
export function projectAround(
  name: string,
  files: ReadonlyMap<string, string>,
  outside: Reached,
  remarks: readonly string[],
): StackProject {
  const judged = meantBy({ allowed: judgedOf(outside.allowed), reachable: judgedOf(outside.reachable) });
  const all = [...judged.openings, ...judged.perhaps];
  const allowed = allowedOf(all);
  return {
    name,
    files,
    meant: { ...meantBy(outside), remarks },
    rules: allowed.length === 0 ? {} : { allowed },
    unnamed: [
      ...new Set(
        all.flatMap(({ to, service = ['everything'] }) =>
          service.filter((one) => !isNamed(one)).map((one) => `${one} on ${listed(to).join(', ')}`),
        ),
      ),
    ],
  };
}

/** Review rules ask nothing of what opens nothing. */
const judgedOf = (packets: Reached['allowed']): Reached['allowed'] => packets.apartFrom(NOTHING_OPENED);

/** As review rules have it: once for all hosts that are open alike. Who is kept out is nothing that they say. */
function allowedOf(openings: readonly Opening[]): readonly object[] {
  const hosts = new Set(openings.flatMap(({ to }) => listed(to)));
  const named = openings.flatMap(({ to, service = [], from }) => {
    const services = service.filter(isNamed);
    return services.length === 0
      ? []
      : [{ to, services, ...(typeof from === 'string' || from === undefined ? {} : { from }) }];
  });
  return [...groupBy(named, ({ services, from }) => JSON.stringify([services, from])).values()].map((alike) => {
    const [{ services, from }] = alike;
    const to = new Set(alike.flatMap((one) => listed(one.to)));
    return { services, ...(from ? { from } : {}), ...(to.size === hosts.size ? {} : { to: [...to] }) };
  });
}

const isNamed = (service: string): boolean => servicePackets(service) !== undefined;
const listed = (to: Opening['to']): readonly string[] => (typeof to === 'string' ? [to] : to);
