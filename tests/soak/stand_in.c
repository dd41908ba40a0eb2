/* Stands in for Python in a soak: hands arguments, environment and the three streams to the nursery, and ends as its
   child does. stand_in.py does the same where there is no C compiler; this one takes a tenth of the time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST 262144

static char said[MOST];
static size_t length = 4;

static void say(const char *text)
{
    size_t size = strlen(text) + 1;
    if (length + size > MOST)
        _exit(71);
    memcpy(said + length, text, size);
    length += size;
}

int main(int argc, char **argv, char **environ)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char folder[4096], count[16], place[CMSG_SPACE(3 * sizeof(int))] = {0};
    unsigned char ended[4] = {0, 0, 0, 1};
    int streams[3] = {0, 1, 2}, nursery = socket(AF_UNIX, SOCK_STREAM, 0);

    /* It lies beside the nursery's socket. */
    snprintf(address.sun_path, sizeof address.sun_path, "%.*s/nursery", (int)(strrchr(argv[0], '/') - argv[0]), argv[0]);
    if (connect(nursery, (struct sockaddr *)&address, sizeof address) || !getcwd(folder, sizeof folder))
        return 72;
    say(folder);
    snprintf(count, sizeof count, "%d", argc - 1);
    say(count);
    for (int n = 1; n < argc; n++)
        say(argv[n]);
    for (; *environ; environ++)
        say(*environ);
    for (int n = 0; n < 4; n++)
        said[n] = (char)((length - 4) >> (24 - 8 * n));

    struct iovec what = {said, length};
    struct msghdr message = {.msg_iov = &what, .msg_iovlen = 1, .msg_control = place, .msg_controllen = sizeof place};
    struct cmsghdr *with = CMSG_FIRSTHDR(&message);
    with->cmsg_level = SOL_SOCKET;
    with->cmsg_type = SCM_RIGHTS;
    with->cmsg_len = CMSG_LEN(sizeof streams);
    memcpy(CMSG_DATA(with), streams, sizeof streams);
    ssize_t sent = sendmsg(nursery, &message, 0);
    for (ssize_t more = sent; more > 0 && (size_t)sent < length; sent += more)
        more = write(nursery, said + sent, length - (size_t)sent);
    if (sent < 0 || recv(nursery, ended, 4, MSG_WAITALL) < 4)
        return 1;
    _exit(ended[3]);
}
