// The box's configuration, by the box's own functions: which of them there are depends on its version. 2.6 has the global array alone; 2.7
// and 2.8 have paths on it, too; the newest have paths alone and read the file by another function.

const BOX_FILES = ['globals.inc', 'config.inc', 'functions.inc', 'filter.inc', 'shaper.inc', 'interfaces.inc', 'util.inc'];
const CONFIG_FILE = '/cf/conf/config.xml';

// Who may read what the box's functions write, they and packages leave to the mask, and theirs isn't ours: the configuration would become
// root's alone.
function by_the_box(callable $does)
{
    $ours = umask(022);
    try {
        return $does();
    } finally {
        umask($ours);
    }
}

// As it is on the disk now: somebody may have saved it since this process began.
function read_config(): void
{
    if (!config_is_whole()) {
        refuse('config-unreadable');
    }
    if (!function_exists('config_read_file') && !function_exists('parse_config')) {
        refuse('foreign-box');
    }
    $read = by_the_box(static function () {
        return function_exists('config_read_file') ? \config_read_file(false, false) : \parse_config(true);
    });
    if (is_array($read) && $read !== []) {
        $GLOBALS['config'] = $read;
    }
    // Neither an array nor a yes: what this process had read before is not what is there now.
    if ($read === false || $read === -1 || !is_array(config('interfaces', null))) {
        refuse('config-unreadable');
    }
}

/** What is at a path of element names, `nat/onetoone`; the default where nothing is. */
function config(string $path, $default = [])
{
    if (function_exists('config_get_path')) {
        $value = \config_get_path($path, $default);
        return $value === '' && is_array($default) ? $default : $value;
    }
    $value = $GLOBALS['config'];
    foreach (explode('/', $path) as $name) {
        if (!is_array($value) || !array_key_exists($name, $value)) {
            return $default;
        }
        $value = $value[$name];
    }
    // An empty element is an empty text, and none of a list.
    return $value === '' && is_array($default) ? $default : $value;
}

function set_config(string $path, $value): void
{
    if (function_exists('config_set_path')) {
        \config_set_path($path, $value);
        return;
    }
    $at = &$GLOBALS['config'];
    foreach (explode('/', $path) as $name) {
        if (!is_array($at)) {
            $at = [];
        }
        $at = &$at[$name];
    }
    $at = $value;
}

function unset_config(string $path): void
{
    if (function_exists('config_del_path')) {
        \config_del_path($path);
        return;
    }
    $names = explode('/', $path);
    $last = array_pop($names);
    $at = &$GLOBALS['config'];
    foreach ($names as $name) {
        if (!isset($at[$name]) || !is_array($at[$name])) {
            return;
        }
        $at = &$at[$name];
    }
    unset($at[$last]);
}

// Presence means true, whatever stands in it.
function is_set(string $path): bool
{
    return config($path, null) !== null;
}

/** A list of elements; of hand-edited files one alone may not be a list. */
function config_list(string $path): array
{
    $list = config($path);
    return is_array($list) ? array_values(array_filter($list, 'is_array')) : [];
}

// One revision, whatever was changed. False: it could not be written, and the file is as it was.
function write_config_once(string $words): bool
{
    if (!config_is_writable(own_entries())) {
        return false;
    }
    $written = by_the_box(static function () use ($words) {
        return \write_config("cpanel-edge: $words");
    });
    return $written !== false && $written !== -1 && $written !== null && config_is_whole();
}

// On a disk without room the box writes a part, puts it in the place of the whole, and reads it without a word where it breaks off at the end
// of one of the pieces that it reads.
function config_is_whole(): bool
{
    clearstatcache();
    $file = @fopen(CONFIG_FILE, 're');
    $end = $file === false || @fseek($file, -min(4096, (int) @filesize(CONFIG_FILE)), SEEK_END) !== 0 ? '' : (string) fread($file, 4096);
    return strpos($end, '</pfsense>') !== false;
}

/**
 * A file beside it can be made, as large as it with these entries and the copy that the box keeps of the one before: as root every other
 * question is answered with yes, also on a disk that takes nothing.
 */
function config_is_writable(array $entries): bool
{
    $probe = dirname(CONFIG_FILE) . '/.cpanel-edge-' . bin2hex(random_bytes(6));
    $to = @fopen($probe, 'xe');
    // Without a name nothing of it stays behind, whatever ends this process.
    if ($to === false || !@unlink($probe)) {
        return false;
    }
    clearstatcache();
    $left = 2 * (int) @filesize(CONFIG_FILE) + strlen(printed_entries($entries)) + 65536;
    for ($room = true; $room && $left > 0; $left -= 65536) {
        // Nothing that a file system makes smaller.
        $piece = random_bytes(min($left, 65536));
        $room = @fwrite($to, $piece) === strlen($piece);
    }
    $room = $room && (!function_exists('fsync') || @fsync($to));
    fclose($to);
    return $room;
}

function config_version(): string
{
    $version = config('version', '');
    return is_string($version) ? $version : '';
}

// As the box calls itself: 2.7.2-RELEASE.
function box_version(): string
{
    return trim((string) @file_get_contents('/etc/version'));
}

/** Device of each interface that the box has, by its key. */
function devices(): array
{
    $devices = [];
    foreach (config('interfaces') as $key => $interface) {
        if (is_array($interface) && is_string($interface['if'] ?? null) && matches((string) $key, '[a-z0-9_]{1,32}')) {
            $devices[$key] = $interface['if'];
        }
    }
    return $devices;
}
