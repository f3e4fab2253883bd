// upload ROLE OWNER LEASE DIGEST TOKEN: the release file on standard input. Changes nothing that runs.

const LONGEST_UPLOAD = 120;
const LARGEST_UPLOAD = 33554432;
const LARGEST_FOLDER = 268435456;
const UPLOADS_AT_ONCE = 4;

function command_upload(array $words): void
{
    no_more($words, 5, 5);
    take_identity($words[0], $words[1]);
    $lease = take_lease($words[2]);
    $digest = take_digest($words[3]);
    $token = take_token($words[4]);
    open_folders();
    // Before the lock is taken: a line that died without a word must not keep a rollback waiting.
    $coming = receive();
    enter();
    if (is_file(RUN . "/over-$token")) {
        @unlink($coming);
        refuse('not-the-holder');
    }
    read_config();
    take_device($token);
    finish_leftovers();
    open_home();
    $other = on_trial() === null ? null : found('armed');
    if ($other !== null) {
        @unlink($coming);
        refuse('busy holder=' . id() . " armed=$other");
    }
    // Also of other owners: the device is this delivery's, so nobody's else can be armed any more.
    remove(...(glob(ROOT . '/*/offered-*') ?: []), ...(glob(ROOT . '/*/checked-*') ?: []));
    $release = release_of($coming);
    $fault = is_array($release) ? upload_fault($release, $lease, $digest, $token) : $release;
    if ($fault !== null) {
        @unlink($coming);
        give_device_up($token);
        @rmdir(home());
        refuse("upload-damaged part=$fault");
    }
    if (already_running($release)) {
        // What isn't in the digest (claims, what retract does) may have changed: the file is taken, nothing is applied.
        if (!@rename($coming, home('release'))) {
            refuse('disk-full');
        }
        settle();
        // This was the next delivery: edits that were accepted for it are not there, and not accepted any more.
        remove(home('accepted'));
        // Nothing is armed, so nothing else mends what the next start needs.
        if (!write_boot_files()) {
            refuse('boot-script-not-written');
        }
        give_device_up($token);
        succeed("running digest=$digest");
    }
    if (!@rename($coming, home("offered-$token"))) {
        refuse('disk-full');
    }
    succeed("uploaded digest=$digest");
}

function upload_fault(array $release, string $lease, string $digest, string $token): ?string
{
    if ($release['role'] !== role() || $release['owner'] !== owner()) {
        return 'foreign-owner';
    }
    if ($release['lease'] !== $lease) {
        return 'foreign-lease';
    }
    if ($release['token'] !== $token) {
        return 'foreign-token';
    }
    if ($release['digest'] !== $digest || digest_of($release) !== $digest) {
        return 'digest';
    }
    $wanted = wanted_of($release);
    return is_string($wanted) ? $wanted : null;
}

function receive(): string
{
    $files = glob(ROOT . '/coming-*') ?: [];
    foreach (array_merge($files, glob(RUN . '/over-*') ?: []) as $file) {
        // Of a time to come, too: a clock that was put back leaves uploads that would never be old.
        if (abs(time() - (int) @filemtime($file)) > 180) {
            @unlink($file);
        }
    }
    if (count(glob(ROOT . '/coming-*') ?: []) >= UPLOADS_AT_ONCE) {
        refuse('busy holder=other-uploads');
    }
    $kept = array_sum(array_map('filesize', array_merge(glob(ROOT . '/*/*') ?: [], $files)));
    if ($kept > LARGEST_FOLDER) {
        refuse('folder-full');
    }
    $coming = ROOT . '/coming-' . bin2hex(random_bytes(5));
    $to = @fopen($coming, 'xe');
    if ($to === false) {
        refuse('folder-not-writable folder=' . ROOT);
    }
    $size = 0;
    $fault = null;
    $end = now() + LONGEST_UPLOAD;
    stream_set_blocking(STDIN, false);
    while ($fault === null && !feof(STDIN)) {
        $ready = [STDIN];
        $write = null;
        $except = null;
        @stream_select($ready, $write, $except, 1);
        $piece = (string) fread(STDIN, 65536);
        $size += strlen($piece);
        if ($size > LARGEST_UPLOAD) {
            $fault = 'upload-too-large most=' . LARGEST_UPLOAD;
        } elseif (now() >= $end) {
            $fault = 'upload-damaged part=late';
        } elseif ($piece !== '' && @fwrite($to, $piece) !== strlen($piece)) {
            $fault = 'disk-full';
        }
    }
    // One socket may be input and output.
    stream_set_blocking(STDIN, true);
    fclose($to);
    if ($fault !== null) {
        @unlink($coming);
        refuse($fault);
    }
    settle($coming);
    return $coming;
}

// Same digest, same lease, and everything is there, untouched, and runs.
function already_running(array $release): bool
{
    $confirmed = is_file(home('release')) ? whole_release(home('release')) : null;
    if ($confirmed === null || $confirmed['digest'] !== $release['digest'] || $confirmed['lease'] !== $release['lease']) {
        return false;
    }
    $own = own_entries();
    return claimed_by_other($release['claims']) === null &&
        rules_state() === 'as-loaded' &&
        (!release_needs_helper(home('release')) || is_set(HELPER)) &&
        missing_vips($own['vip']) === [] &&
        running_fault($own, none_of_ours()) === null;
}
