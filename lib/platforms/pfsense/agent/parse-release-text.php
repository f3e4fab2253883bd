// What a release's text says. Of the whole configuration that it is, only the entries of its own owner are taken, and only in the form that
// the writer gives them: no element that this program doesn't know, no text of several lines (a comment of the box's rules would end there).

// Each list of the configuration that may hold entries of ours.
const LISTS = [
    'vip' => 'virtualip/vip',
    'onetoone' => 'nat/onetoone',
    'rule' => 'filter/rule',
    'alias' => 'aliases/alias',
];
// The elements that the writer gives an entry, and which values each may have: no other one reaches the box. The empty text is one that is there or not.
const PLAIN = '';
const INTERFACE_KEY = '[A-Za-z0-9_.]+';
const IPV4 = '[0-9]{1,3}(?:\.[0-9]{1,3}){3}';
const ALIAS_NAME = '[A-Za-z0-9_]{1,31}';
const NUMBERS = '[0-9]{1,5}(?:[-:][0-9]{1,5})?';
// Control characters of every kind are looked for in all texts.
const DESCRIPTION = '.{1,1000}';
const ENDPOINT = [
    'any' => PLAIN,
    'address' => IPV4 . '(?:\/[0-9]{1,2})?|' . ALIAS_NAME,
    'not' => PLAIN,
    'port' => NUMBERS . '|' . ALIAS_NAME,
];
const ELEMENTS = [
    'vip' => [
        'mode' => 'ipalias|carp|proxyarp|other',
        'interface' => INTERFACE_KEY,
        'uniqid' => '[0-9a-z]{1,32}',
        'descr' => DESCRIPTION,
        'type' => 'single|network',
        'subnet' => IPV4,
        'subnet_bits' => '[0-9]{1,2}',
        'vhid' => '[0-9]{1,3}',
        'advbase' => '[0-9]{1,3}',
        'advskew' => '[0-9]{1,3}',
    ],
    'onetoone' => [
        'disabled' => PLAIN,
        'external' => IPV4,
        'descr' => DESCRIPTION,
        'interface' => INTERFACE_KEY,
        'ipprotocol' => 'inet',
        'natreflection' => 'enable|disable',
        'source' => ENDPOINT,
        'destination' => ENDPOINT,
    ],
    'rule' => [
        'tracker' => '[0-9]{1,10}',
        // What isn't one of its types passes, on this platform.
        'type' => 'pass|block',
        // Of a floating rule several, and an empty one is every one.
        'interface' => '(?:' . INTERFACE_KEY . '(?:,' . INTERFACE_KEY . ')*)?',
        'ipprotocol' => 'inet',
        'protocol' => '[a-z0-9\/-]{1,20}',
        'icmptype' => '[a-z0-9-]{1,20}(?:,[a-z0-9-]{1,20})*',
        'source' => ENDPOINT,
        'destination' => ENDPOINT,
        'floating' => 'yes',
        'direction' => 'in',
        'quick' => 'yes',
        'descr' => DESCRIPTION,
    ],
    'alias' => [
        'name' => ALIAS_NAME,
        'type' => 'network|port',
        'address' => '[0-9.:\/]+(?: [0-9.:\/]+)*',
        'descr' => DESCRIPTION,
    ],
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
    $fault = values_fault(ELEMENTS[$list], $entry);
    return $fault ?? ($list === 'rule' && !isset($entry['type']) ? 'text-value' : null);
}

/** Every value is one of its own pattern; those of elements that no pattern names, and of the wrong form, are refused. */
function values_fault(array $patterns, array $entry): ?string
{
    foreach ($entry as $name => $value) {
        $pattern = $patterns[$name] ?? null;
        if ($pattern === null || is_array($pattern) !== is_array($value)) {
            return 'text-element';
        }
        $fault = is_array($value) ? values_fault($pattern, $value) : value_fault($pattern, $value);
        if ($fault !== null) {
            return $fault;
        }
    }
    return null;
}

function value_fault(string $pattern, string $value): ?string
{
    // Control characters of every kind, also those of Unicode that break lines.
    if (preg_match('/[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]/', $value) === 1) {
        return 'text-character';
    }
    return matches($value, $pattern) ? null : 'text-value';
}
