// The one switch of the whole box that ours may need: the global helper of reflection. Set by consent, remembered, and unset only where it
// was us who set it and no owner of ours needs it any more.

const HELPER = 'system/enablenatreflectionhelper';

function helper_file(): string
{
    return ROOT . '/set-enablenatreflectionhelper';
}

function others_need_helper(): bool
{
    foreach (array_diff(each_home(), [id()]) as $other) {
        foreach (['release', 'kept'] as $file) {
            $release = is_file(ROOT . "/$other/$file") ? release_of(ROOT . "/$other/$file") : null;
            if (is_array($release) && strpos($release['text'], '<sets>enablenatreflectionhelper</sets>') !== false) {
                return true;
            }
        }
    }
    return false;
}

// As this owner needs it from now on. False: it can't be remembered, so it isn't touched.
function place_helper(bool $needed): bool
{
    $file = helper_file();
    $wanted = $needed || others_need_helper();
    if ($wanted && !is_set(HELPER)) {
        if (!store($file, "set\n")) {
            return false;
        }
        set_config(HELPER, 'yes');
    } elseif (!$wanted && is_file($file)) {
        unset_config(HELPER);
    }
    return true;
}

// Once the configuration is written.
function settle_helper(): void
{
    if (!is_set(HELPER)) {
        remove(helper_file());
    }
}
