import { SayingOfTables, sayingOfTables } from '../../../parse/xtables/saying';

/** What every text can be had from. */
const WHOLE = 'the whole text as `iptables-save`, `ip6tables-save` and `ipset save` print it.';

export const say: SayingOfTables = sayingOfTables('iptables', WHOLE);
