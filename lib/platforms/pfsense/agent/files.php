// Folders and files. One folder per role and owner, root's alone. What a release is, is said by the name of its file:
//   offered-TOKEN  uploaded, its digest checked      checked-TOKEN  may be armed       armed-TOKEN  applied, to be undone
//   undoing-TOKEN  being undone                      release        confirmed
//   kept           entries that stay without an owner's lease          retracting      being taken away
// Beside these: loaded (our entries as they were applied, against which edits are seen), before (what was ours before a trial), accepted.
// Each step is one rename, so that a power cut leaves the one or the other and boot knows which.

function open_folders(): void
{
    foreach ([ROOT, RUN] as $folder) {
        if (is_link($folder)) {
            refuse("folder-is-a-link $folder");
        }
        if (!is_dir($folder) && !@mkdir($folder, 0700, true)) {
            refuse("folder-not-writable folder=$folder");
        }
        // As it has to be already: a disk that takes nothing must not keep a rollback from it.
        if ((fileperms($folder) & 0777) !== 0700 && !@chmod($folder, 0700)) {
            refuse("folder-not-writable folder=$folder");
        }
        if (fileowner($folder) !== 0) {
            refuse("folder-not-writable folder=$folder");
        }
    }
}

function select_home(string $id): void
{
    $GLOBALS['cpanel_edge_id'] = $id;
}

function id(): string
{
    return $GLOBALS['cpanel_edge_id'];
}

function role(): string
{
    return explode('-', id(), 2)[0];
}

function owner(): string
{
    return explode('-', id(), 2)[1];
}

function home(string $file = ''): string
{
    return ROOT . '/' . id() . ($file === '' ? '' : "/$file");
}

function open_home(): void
{
    if (is_link(home())) {
        refuse('folder-is-a-link ' . home());
    }
    if (!is_dir(home()) && !@mkdir(home(), 0700)) {
        refuse('folder-not-writable folder=' . home());
    }
}

// On the disk, not only in its cache. fsync came with PHP 8.1; before it the whole system's disks are asked.
function settle(?string $file = null): void
{
    $handle = $file !== null && function_exists('fsync') ? @fopen($file, 'r+e') : false;
    if ($handle === false) {
        run_program(['/bin/sync']);
        return;
    }
    fsync($handle);
    fclose($handle);
    // The folder that names it.
    run_program(['/bin/sync']);
}

function store(string $file, string $text): bool
{
    if (@file_put_contents("$file.new", $text) !== strlen($text)) {
        @unlink("$file.new");
        return false;
    }
    settle("$file.new");
    return @rename("$file.new", $file);
}

// The deciding rename. Returns false where the file is gone: somebody else decided.
function turn(string $from, string $to): bool
{
    if (!@rename(home($from), home($to))) {
        return false;
    }
    settle();
    return true;
}

// The token of the only file of that state, or null.
function found(string $state): ?string
{
    foreach (glob(home("$state-*")) ?: [] as $file) {
        if (is_file($file)) {
            return substr(basename($file), strlen($state) + 1);
        }
    }
    return null;
}

// The file of the release on trial. Without its timer nobody would undo it: it is a leftover then.
function on_trial(): ?string
{
    $token = found('armed');
    return $token !== null && timer_lives($token) ? home("armed-$token") : null;
}

// What is confirmed on the device for this owner, or null.
function confirmed_file(): ?string
{
    foreach ([home('release'), home('kept')] as $file) {
        if (is_file($file)) {
            return $file;
        }
    }
    return null;
}

// The state of docs/reference/protocol.md. What is on its way comes before what is settled.
function state_of_home(): string
{
    if (is_file(home('retracting'))) {
        return 'retracting';
    }
    foreach (['undoing', 'armed', 'checked', 'offered'] as $passing) {
        if (found($passing) !== null) {
            return $passing === 'armed' && on_trial() === null ? 'undoing' : $passing;
        }
    }
    if (is_file(home('release'))) {
        return 'confirmed';
    }
    return is_file(home('kept')) ? 'kept' : 'nothing';
}

/** @return string[] */
function each_home(): array
{
    $homes = array_filter(glob(ROOT . '/gateway-*') ?: [], static function (string $folder): bool {
        return is_dir($folder) && !is_link($folder);
    });
    return array_values(array_map('basename', $homes));
}

function remove(string ...$files): void
{
    foreach ($files as $file) {
        @unlink($file);
    }
}

function remove_home(): bool
{
    foreach (array_diff(@scandir(home()) ?: [], ['.', '..']) as $file) {
        if (!@unlink(home($file))) {
            return false;
        }
    }
    return !is_dir(home()) || @rmdir(home());
}
