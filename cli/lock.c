#include "cli/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/strbuf.h"

/* Say who holds the lock, as far as the system tells (not across machines and containers). */
static enum err_code busy(int fd, const char *db_path, struct err *e)
{
    struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK && holder.l_pid > 0)
        err_set(e, ERR_BUSY, "%s: another run (process %ld) is working on this database", db_path, (long)holder.l_pid);
    else
        err_set(e, ERR_BUSY, "%s: another run is working on this database", db_path);
    return err_hint(e, "wait until it has ended; nothing was changed by this command");
}

enum err_code lock_take(const char *db_path, int *fd, struct err *e)
{
    struct strbuf path = STRBUF_INIT;
    int lock_fd = -1;
    enum err_code rc = ERR_OK;
    *fd = -1;
    if (strcmp(db_path, ":memory:") == 0)
        return ERR_OK;
    strbuf_printf(&path, "%s.lock", db_path);
    if (strbuf_failed(&path)) {
        rc = err_nomem(e);
        goto cleanup;
    }
    lock_fd = open(path.s, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_fd < 0) {
        rc = err_set(e, ERR_IO, "%s: %s", path.s, strerror(errno));
        goto cleanup;
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(lock_fd, F_SETLK, &whole) != 0) {
        bool is_held = errno == EACCES || errno == EAGAIN;
        rc = is_held ? busy(lock_fd, db_path, e) : err_set(e, ERR_IO, "%s: cannot lock: %s", path.s, strerror(errno));
        goto cleanup;
    }
    *fd = lock_fd;
    lock_fd = -1;
cleanup:
    if (lock_fd >= 0)
        close(lock_fd);
    strbuf_free(&path);
    return rc;
}

void lock_release(int fd)
{
    if (fd >= 0)
        close(fd);
}
