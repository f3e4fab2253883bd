// What pf has really loaded. The box says nothing useful about a reload: one that fails leaves the old rules, while its files show the new.

const RULES_FILE = '/tmp/rules.debug';

/** Lines of `-sn` and `-sr`; null where pf doesn't answer. */
function running_rules(): ?array
{
    $nat = lines_of(['/sbin/pfctl', '-sn']);
    $rules = lines_of(['/sbin/pfctl', '-sr']);
    return $nat === null || $rules === null ? null : array_merge($nat, $rules);
}

// Lines of the generated file that pf shows as rules, once it has them.
function written_rules(): array
{
    $lines = @file(RULES_FILE, FILE_IGNORE_NEW_LINES) ?: [];
    return array_values(array_filter(array_map('trim', $lines), static function (string $line): bool {
        return preg_match('/^(?:no\s|binat\s|nat\s|rdr\s|pass\s|block\s|match\s)/', $line) === 1;
    }));
}

// Generated and running rules together, as one name.
function rules_known(): string
{
    return hash('sha256', implode("\n", written_rules()) . "\0" . implode("\n", running_rules() ?? ['none']));
}

function names_running(array $lines): string
{
    return hash('sha256', implode("\n", $lines));
}

/** command reload: in a process of its own, because the newest versions remember the rules that a process had read before. */
function command_reload(array $words): void
{
    no_more($words, 0, 0);
    read_config();
    by_the_box('filter_configure_sync');
    succeed('reloaded');
}

/**
 * Loads the rules of the configuration as it is. Null, or why what runs isn't that. `$gone`: entries that must not run any more. What ran
 * when a load failed is noted: as long as it still runs, no later load is believed.
 */
function reload_rules(array $entries, array $gone, string $known): ?string
{
    $failed = RUN . '/not-loaded';
    $before = running_rules();
    $fault = $before === null ? 'pf does not answer' : reload_fault($before, $known, (string) @file_get_contents($failed));
    $fault = $fault ?? running_fault($entries, $gone);
    if ($fault === null) {
        remove($failed);
    } elseif ($before !== null && !is_file($failed)) {
        @file_put_contents($failed, names_running($before));
    }
    return $fault;
}

function reload_fault(array $before, string $known, string $failed): ?string
{
    $written = written_rules();
    [$status, $printed] = run_self(['reload'], 300);
    if ($status !== 0 || strpos($printed, "cpanel-edge: ok reloaded\n") === false) {
        return 'the box could not generate its rules';
    }
    [$status, , $complaint] = run_program(['/sbin/pfctl', '-nf', RULES_FILE]);
    if ($status !== 0) {
        return 'pf does not take the generated rules: ' . first_complaint($complaint);
    }
    $after = running_rules();
    if ($after === null) {
        return 'pf does not answer';
    }
    // The generator is sure of a change, and pf shows none.
    $same = $before === $after && written_rules() !== $written || names_running($after) === $failed;
    return $same && rules_known() !== $known ? 'the generated rules are others, and pf runs those of before' : null;
}

// pf names file and line; what it quotes may be anybody's.
function first_complaint(string $complaint): string
{
    return preg_match('~^(?:pfctl: |/tmp/rules\.debug:[0-9]+: )[^"]{0,200}~m', $complaint, $found) === 1 ? trim($found[0]) : 'no reason given';
}

/** Null where the running rules have each of these entries and none of those; or in words which it is. */
function running_fault(array $entries, array $gone, ?array $lines = null): ?string
{
    $lines = $lines ?? running_rules();
    if ($lines === null) {
        return 'pf does not answer';
    }
    $trackers = [];
    $binats = [];
    foreach ($lines as $line) {
        if (preg_match('/ ridentifier ([0-9]+)/', $line, $found) === 1) {
            $trackers[$found[1]] = true;
        }
        if (preg_match('/^binat .* from (\S+) to .* -> (\S+)/', $line, $found) === 1) {
            $binats[host_or_network($found[1]) . ' ' . explode('/', $found[2])[0]] = true;
        }
    }
    foreach (active($entries['rule']) as $rule) {
        if (isset($rule['tracker']) && !isset($trackers[$rule['tracker']])) {
            return 'pf runs without rule ' . name_of($rule);
        }
    }
    foreach (active($entries['onetoone']) as $entry) {
        if (!isset($binats[binat_key($entry)])) {
            return 'pf runs without 1:1 entry ' . name_of($entry);
        }
    }
    // Port lists have no table.
    $lists = array_filter($entries['alias'], static function (array $alias): bool {
        return $alias['type'] !== 'port';
    });
    $tables = $lists === [] ? [] : table_names();
    if ($tables === null) {
        return 'pf does not answer';
    }
    foreach ($lists as $alias) {
        // A list that no rule names has no table.
        if (in_array((string) $alias['name'], $tables, true) && !holds_members($alias)) {
            return 'pf runs with another content of ' . name_of($alias);
        }
    }
    $stay = array_column($entries['rule'], 'tracker');
    foreach ($gone['rule'] ?? [] as $rule) {
        if (isset($rule['tracker'], $trackers[$rule['tracker']]) && !in_array($rule['tracker'], $stay, true)) {
            return 'pf still runs rule ' . name_of($rule);
        }
    }
    $stay = array_map('CpanelEdge\binat_key', active($entries['onetoone']));
    $others = array_map('CpanelEdge\binat_key', active(config_list(LISTS['onetoone'])));
    foreach ($gone['onetoone'] ?? [] as $entry) {
        $key = binat_key($entry);
        if (isset($binats[$key]) && !in_array($key, $stay, true) && !in_array($key, $others, true)) {
            return 'pf still runs 1:1 entry ' . name_of($entry);
        }
    }
    return null;
}

/** The names of pf's tables; null where pf does not tell them. */
function table_names(): ?array
{
    $lines = lines_of(['/sbin/pfctl', '-sT']);
    return $lines === null ? null : array_map('trim', $lines);
}

/** Whether the table of a list has exactly its members; false where pf does not tell them. */
function holds_members(array $alias): bool
{
    $shown = lines_of(['/sbin/pfctl', '-t', (string) $alias['name'], '-T', 'show']);
    if ($shown === null) {
        return false;
    }
    $spell = static function (array $all): array {
        $all = array_unique(array_map('CpanelEdge\host_or_network', array_filter(array_map('trim', $all))));
        sort($all);
        return $all;
    };
    return $spell($shown) === $spell(preg_split('/\s+/', (string) $alias['address']));
}

function active(array $entries): array
{
    return array_values(array_filter($entries, static function (array $entry): bool {
        return !array_key_exists('disabled', $entry) && !array_key_exists('nobinat', $entry);
    }));
}

function binat_key(array $entry): string
{
    return host_or_network((string) ($entry['source']['address'] ?? '')) . ' ' . strtolower((string) ($entry['external'] ?? ''));
}

// pf prints a network of one host as its address.
function host_or_network(string $text): string
{
    return strtolower((string) preg_replace('~^([0-9.]+)/32$|^([0-9a-fA-F:.]+)/128$~', '$1$2', $text));
}
