// What a release's text says. Of the whole configuration that it is, only the entries of its own owner are taken, and only in the form that
// the writer gives them: no element that this program doesn't know, no text of several lines (a comment of the box's rules would end there).

// Each list of the configuration that may hold entries of ours, and the elements that these may have; `*`: with elements of its own.
const LISTS = [
    'vip' => 'virtualip/vip',
    'onetoone' => 'nat/onetoone',
    'rule' => 'filter/rule',
    'alias' => 'aliases/alias',
];
const ENDPOINT = ['any' => '', 'network' => '', 'address' => '', 'not' => '', 'port' => ''];
const ELEMENTS = [
    'vip' => ['mode', 'interface', 'uniqid', 'descr', 'type', 'subnet', 'subnet_bits', 'noexpand', 'vhid', 'advbase', 'advskew'],
    'onetoone' => ['disabled', 'nobinat', 'external', 'descr', 'interface', 'ipprotocol', 'natreflection', 'source', 'destination'],
    'rule' => ['id', 'tracker', 'type', 'interface', 'ipprotocol', 'protocol', 'icmptype', 'source', 'destination', 'log', 'disabled',
        'floating', 'direction', 'quick', 'statetype', 'statepolicy', 'tag', 'tagged', 'max', 'max-src-nodes', 'max-src-conn',
        'max-src-states', 'statetimeout', 'os', 'tcpflags1', 'tcpflags2', 'tcpflags_any', 'disablereplyto', 'descr', 'gateway',
        'nosync', 'nopfsync', 'sched'],
    'alias' => ['name', 'type', 'address', 'descr', 'detail'],
];
const VALUES = [
    'mode' => 'ipalias|carp|proxyarp|other',
    'type' => 'pass|block|reject|match|single|network|host|port',
    'interface' => '[A-Za-z0-9_.]+(?:,[A-Za-z0-9_.]+)*',
    'ipprotocol' => 'inet|inet6|inet46',
    'protocol' => '[a-z0-9\/-]+',
    'natreflection' => 'enable|disable',
    'subnet_bits' => '[0-9]{1,3}',
    'subnet' => '[0-9A-Fa-f.:]+',
    'external' => '[0-9A-Fa-f.:]+',
    'tracker' => '[0-9]{1,10}',
    'uniqid' => '[0-9a-z]{1,32}',
    'vhid' => '[0-9]{1,3}',
    'advbase' => '[0-9]{1,3}',
    'advskew' => '[0-9]{1,3}',
    'name' => '[A-Za-z0-9_]{1,31}',
    'direction' => 'in|out|any',
];

/**
 * @return array|string entries by list; `captured`, `sets`, `version` and `devices` (device by key) of the text. A word where
 *   the text isn't one that this program takes.
 */
function wanted_of(array $release)
{
    $root = parsed_xml($release['text'], 'CpanelEdge\is_wanted');
    if ($root === null || $root[0] !== 'pfsense') {
        return 'text-xml';
    }
    $mark = $root[2][0] ?? null;
    if ($mark === null || $mark[0] !== 'cpanel_edge' || count(children($mark, 'captured')) + count(children($mark, 'assumed')) !== 1) {
        return 'text-mark';
    }
    $wanted = [
        'captured' => children($mark, 'captured') !== [],
        'sets' => false,
        'version' => elements($root, 'version')[0][1] ?? '',
        'devices' => [],
    ];
    foreach (children($mark, 'sets') as $switch) {
        if ($switch[1] !== 'enablenatreflectionhelper') {
            return 'text-switch';
        }
        $wanted['sets'] = true;
    }
    foreach (elements($root, 'interfaces')[0][2] ?? [] as $interface) {
        $wanted['devices'][$interface[0]] = children($interface, 'if')[0][1] ?? '';
    }
    foreach (LISTS as $list => $path) {
        $wanted[$list] = [];
        foreach (elements($root, $path) as $element) {
            $entry = as_array($element);
            if (!is_array($entry) || !is_ours($entry, $release['owner'])) {
                continue;
            }
            $fault = entry_fault($list, $element, $entry);
            if ($fault !== null) {
                return $fault;
            }
            $wanted[$list][] = $entry;
        }
    }
    return $wanted;
}

// Entries with our tag, and what is said of the text and of its interfaces. Root, sections and their children are at 1, 2 and 3.
function is_wanted(string $parent, array $element, int $depth): bool
{
    if ($depth !== 3 || in_array($parent, ['cpanel_edge', 'interfaces'], true)) {
        return true;
    }
    $descr = children($element, 'descr')[0][1] ?? '';
    return isset(LISTS[$element[0]]) && strncmp($descr, TAG, strlen(TAG)) === 0;
}

function is_ours(array $entry, string $owner): bool
{
    $descr = $entry['descr'] ?? '';
    return is_string($descr) && strncmp($descr, TAG . "$owner/", strlen(TAG . "$owner/")) === 0;
}

// The first word of the description, which names an entry over all its changes.
function name_of(array $entry): string
{
    return explode(' ', (string) ($entry['descr'] ?? ''), 2)[0];
}

function entry_fault(string $list, array $element, array $entry): ?string
{
    $names = array_column($element[2], 0);
    if (count($names) !== count(array_unique($names))) {
        return 'text-element';
    }
    foreach ($entry as $name => $value) {
        if (!in_array((string) $name, ELEMENTS[$list], true)) {
            return 'text-element';
        }
        if ($name === 'source' || $name === 'destination') {
            if (!is_array($value) || array_diff_key($value, ENDPOINT) !== [] || array_filter($value, 'is_array') !== []) {
                return 'text-element';
            }
            $texts = array_values($value);
        } elseif (is_array($value)) {
            return 'text-element';
        } else {
            $texts = [$value];
        }
        foreach ($texts as $text) {
            // Control characters of every kind, also those of Unicode that break lines.
            if (preg_match('/[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]/', $text) === 1) {
                return 'text-character';
            }
        }
        // An empty interface of a floating rule is every one.
        if (isset(VALUES[$name]) && $value !== '' && !matches((string) $value, VALUES[$name])) {
            return 'text-value';
        }
    }
    // What isn't one of its types passes, on this platform.
    return $list === 'rule' && !in_array($entry['type'] ?? '', ['pass', 'block', 'reject'], true) ? 'text-value' : null;
}
