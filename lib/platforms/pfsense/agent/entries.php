// Finds this owner's entries in config.xml, converts a release's entries to the box's interface keys, and compares
// both as text. Shows edits since the last apply; `become.php` changes them.

/** Those of this owner, as the box has them now, by list. */
function own_entries(): array
{
    $own = [];
    foreach (LISTS as $list => $path) {
        $own[$list] = array_values(array_filter(config_list($path), static function (array $entry): bool {
            return is_ours($entry, owner());
        }));
    }
    return $own;
}

function none_of_ours(): array
{
    return array_fill_keys(array_keys(LISTS), []);
}

function has_entries(array $entries): bool
{
    return array_filter(array_intersect_key($entries, LISTS)) !== [];
}

// Written by the box or by a save in its pages, and without effect on packets; or secret.
const NOT_COMPARED = ['created' => 0, 'updated' => 0, 'password' => 0];

/** Entries as text: for comparing and for people. No password is in it. */
function printed_entries(array $entries): string
{
    $text = '';
    foreach (array_keys(LISTS) as $list) {
        foreach ($entries[$list] ?? [] as $entry) {
            $entry = array_diff_key($entry, NOT_COMPARED);
            ksort($entry);
            $text .= printed_xml($list, $entry, 0);
        }
    }
    return $text;
}

/**
 * The entries of a release as this box is to have them: keys of the box in the place of the text's, and what only the box can say kept from
 * what it has now: ids, CARP passwords.
 */
function entries_for_box(array $wanted, array $now): array
{
    $keys = keys_of_box($wanted);
    $entries = array_intersect_key($wanted, LISTS);
    $known = [];
    foreach ($now['vip'] as $vip) {
        $known[name_of($vip)] = $vip;
    }
    foreach ($entries['vip'] as &$vip) {
        $before = $known[name_of($vip)] ?? [];
        if (in_array($vip['mode'], ['ipalias', 'carp'], true) && ($vip['uniqid'] ?? '') === '') {
            $vip['uniqid'] = $before['uniqid'] ?? uniqid();
        }
        if ($vip['mode'] === 'carp') {
            // Made here, so that no repository and no state holds it.
            $vip['password'] = $before['password'] ?? bin2hex(random_bytes(8));
        }
    }
    unset($vip);
    foreach ($entries as &$list) {
        foreach ($list as &$entry) {
            $entry = with_keys($entry, $keys);
        }
        unset($entry);
    }
    unset($list);
    return $entries;
}

/**
 * Key of the box for each key of the text. What was captured has the box's own; what was assumed names devices, which may have other keys
 * here, or keys themselves. Null for what the box doesn't have.
 */
function keys_of_box(array $wanted): array
{
    $devices = devices();
    $keys = [];
    foreach ($wanted['devices'] as $key => $device) {
        if (($devices[$key] ?? null) === $device || !$wanted['captured'] && isset($devices[$key]) && $device === (string) $key) {
            $keys[$key] = $key;
        } elseif ($wanted['captured']) {
            $keys[$key] = null;
        } elseif (isset($devices[$device])) {
            $keys[$key] = $device;
        } else {
            $found = array_search($device, $devices, true);
            $keys[$key] = $found === false ? null : $found;
        }
    }
    return $keys;
}

function with_keys(array $entry, array $keys): array
{
    $name = static function (string $text) use ($keys): string {
        return (string) ($keys[$text] ?? $text);
    };
    if (isset($entry['interface']) && $entry['interface'] !== '') {
        $entry['interface'] = implode(',', array_map($name, explode(',', $entry['interface'])));
    }
    foreach (['source', 'destination'] as $side) {
        $network = $entry[$side]['network'] ?? null;
        if (is_string($network)) {
            $plain = preg_replace('/ip$/', '', $network);
            $entry[$side]['network'] = isset($keys[$network]) ? $name($network) : (isset($keys[$plain]) ? $name($plain) . 'ip' : $network);
        }
    }
    return $entry;
}

/** Interfaces that the entries name, without those of floating rules that name none. */
function interfaces_of(array $entries): array
{
    $names = [];
    foreach (array_keys(LISTS) as $list) {
        foreach ($entries[$list] ?? [] as $entry) {
            foreach (explode(',', (string) ($entry['interface'] ?? '')) as $name) {
                if ($name !== '' && $name !== 'any') {
                    $names[$name] = true;
                }
            }
        }
    }
    return array_map('strval', array_keys($names));
}

// as-loaded, edited, absent (somebody restored an older configuration), none (nothing of ours was applied), foreign (ours by their tag, and
// not applied by this program).
function rules_state(): string
{
    $now = own_entries();
    $loaded = is_file(home('loaded')) ? (string) file_get_contents(home('loaded')) : null;
    if ($loaded === null) {
        return has_entries($now) ? 'foreign' : 'none';
    }
    if (printed_entries($now) === $loaded) {
        return 'as-loaded';
    }
    return has_entries($now) ? 'edited' : 'absent';
}

function live_fingerprint(): string
{
    return has_entries(own_entries()) ? hash('sha256', printed_entries(own_entries())) : 'none';
}

/** Lines that were taken away ("< line") and that came ("> line"), since ours were applied. */
function live_edits(): array
{
    if (!is_file(home('loaded'))) {
        return [];
    }
    $before = explode("\n", rtrim((string) file_get_contents(home('loaded')), "\n"));
    $after = explode("\n", rtrim(printed_entries(own_entries()), "\n"));
    $lines = array_merge(lines_only_in($before, $after, '<'), lines_only_in($after, $before, '>'));
    return array_slice($lines, 0, 200);
}

function lines_only_in(array $these, array $those, string $sign): array
{
    $left = array_count_values($those);
    $only = [];
    foreach ($these as $line) {
        if (($left[$line] ?? 0) > 0) {
            $left[$line]--;
        } elseif ($line !== '') {
            $only[] = substr("$sign " . trim($line), 0, 300);
        }
    }
    return $only;
}
