/* Reads the head of a request: a look for its end, which refuses stray bytes, then its lines. */
#include "web/http.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/address.h"
#include "web/http_inside.h"

enum {
    START_LINE_MAX = HTTP_TARGET_MAX + 32, /* method and version beside the target */
    LINES_MAX = HTTP_HEADERS_MAX + 3, /* an empty one before, the first, the empty one behind */
    HOST_MAX = 255,
    PORT_MAX = 65535,
    BLOCK = 16,
};

/* What is known of a head while it is read, beyond what it says itself. */
struct reading {
    struct http_head *head;
    bool absolute; /* the target named the host */
    bool has_host, has_length, has_coding;
    bool says_close, says_keep;
};

struct lines {
    size_t count;
    uint16_t ends[LINES_MAX]; /* where the CR of each stands */
};

static enum http_verdict refuse(struct http_head *head, int status, const char *reason)
{
    head->status = status;
    head->reason = reason;
    return HTTP_BAD;
}

/* A bit for each control among BLOCK bytes. */
static unsigned control_bits(const char *bytes)
{
#ifdef __SSE2__
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
    __m128i delete = _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(low, delete));
#else
    unsigned bits = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
            bits |= 1U << i;
    return bits;
#endif
}

/* What a control at this place means: HTTP_WHOLE is the end of the head. */
static enum http_verdict judge_control(struct str bytes, size_t at, struct lines *lines)
{
    char c = bytes.ptr[at];
    if (c == '\r')
        return at + 1 == bytes.len || bytes.ptr[at + 1] == '\n' ? HTTP_MORE : HTTP_BAD;
    if (c == '\t')
        return HTTP_MORE;
    if (c != '\n' || at == 0 || bytes.ptr[at - 1] != '\r')
        return HTTP_BAD;
    if (lines->count < LINES_MAX)
        lines->ends[lines->count] = (uint16_t)(at - 1);
    lines->count++;
    return at > 1 && bytes.ptr[at - 2] == '\n' ? HTTP_WHOLE : HTTP_MORE;
}

/* Looks for the end of the head from a place on, and notes the ends of the lines on the way. */
static enum http_verdict find_end(struct str bytes, size_t from, struct lines *lines, size_t *len)
{
    lines->count = 0;
    for (size_t base = from; base < bytes.len; base += BLOCK) {
        char rest[BLOCK] = {0};
        size_t left = bytes.len - base;
        unsigned bits;
        if (left >= BLOCK) {
            bits = control_bits(bytes.ptr + base);
        } else {
            memcpy(rest, bytes.ptr + base, left);
            bits = control_bits(rest) & ((1U << left) - 1);
        }
        for (; bits; bits &= bits - 1) {
            size_t at = base + (size_t)__builtin_ctz(bits);
            enum http_verdict verdict = judge_control(bytes, at, lines);
            if (verdict == HTTP_MORE)
                continue;
            *len = at + 1;
            return verdict;
        }
    }
    return HTTP_MORE;
}

static bool find_method(struct str name, enum http_method *method)
{
    for (enum http_method i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (str_equal(name, str_from(http_method_name(i)))) {
            *method = i;
            return true;
        }
    }
    return false;
}

static enum http_verdict read_method(struct http_head *head, struct str name)
{
    if (name.len == 0 || http_span(name, HTTP_IN_METHOD) != name.len)
        return refuse(head, 400, "The request does not begin with a method.");
    if (find_method(name, &head->method))
        return HTTP_WHOLE;
    if (str_equal(name, STR("CONNECT")) || str_equal(name, STR("TRACE")))
        return refuse(head, 405, "This method is not allowed here.");
    return refuse(head, 501, "This method is not known here.");
}

static bool is_port(struct str text)
{
    int64_t port;
    return str_to_int(text, 1, PORT_MAX, &port) == ERR_OK;
}

/* A name or an IPv4 address, or an IPv6 address in brackets; then maybe a port. */
static bool is_host(struct str host)
{
    struct address address;
    size_t len;
    if (host.len && host.ptr[0] == '[') {
        len = str_find_char(host, ']');
        if (len == STR_NONE)
            return false;
        struct str inner = str_slice(host, 1, len++);
        if (str_find_char(inner, ':') == STR_NONE || address_parse(inner, &address))
            return false;
    } else {
        len = http_span(host, HTTP_IN_HOST);
        if (len == 0 || len > HOST_MAX)
            return false;
    }
    return len == host.len || (host.ptr[len] == ':' && is_port(str_slice(host, len + 1, host.len)));
}

/* "http://host:80/path": what stands before the path is cut off, and taken for the host. */
static bool cut_authority(struct reading *reading, struct str *target)
{
    size_t colon = str_find(*target, STR("://"));
    if (colon == STR_NONE)
        return false;
    struct str scheme = str_slice(*target, 0, colon);
    if (!str_equal_nocase(scheme, STR("http")) && !str_equal_nocase(scheme, STR("https")))
        return false;
    struct str rest = str_slice(*target, colon + 3, target->len);
    size_t len = 0;
    while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?')
        len++;
    reading->absolute = true;
    reading->head->host = str_slice(rest, 0, len);
    *target = str_slice(rest, len, rest.len);
    return is_host(reading->head->host);
}

static enum http_verdict read_target(struct reading *reading, struct str target)
{
    struct http_head *head = reading->head;
    if (target.len > HTTP_TARGET_MAX)
        return refuse(head, 414, "The address is too long.");
    if (target.len == 0 || http_span(target, HTTP_IN_TARGET) != target.len)
        return refuse(head, 400, "The address holds a byte that must be percent-encoded.");
    if (target.ptr[0] != '/' && head->method == HTTP_OPTIONS && str_equal(target, STR("*"))) {
        head->path = target;
        return HTTP_WHOLE;
    }
    if (target.ptr[0] != '/' && !cut_authority(reading, &target))
        return refuse(head, 400, "The address is neither a path nor a URL of this site.");
    size_t mark = str_find_char(target, '?');
    head->path = str_slice(target, 0, mark);
    if (mark != STR_NONE)
        head->query = str_slice(target, mark + 1, target.len);
    if (head->path.len == 0)
        head->path = STR("/");
    return HTTP_WHOLE;
}

static enum http_verdict read_version(struct http_head *head, struct str version)
{
    if (str_equal(version, STR("HTTP/1.1")))
        return HTTP_WHOLE;
    if (str_equal(version, STR("HTTP/1.0"))) {
        head->old = true;
        return HTTP_WHOLE;
    }
    bool is_formed = version.len == strlen("HTTP/1.1") && str_starts(version, STR("HTTP/")) &&
                     version.ptr[5] >= '0' && version.ptr[5] <= '9' && version.ptr[6] == '.' &&
                     version.ptr[7] >= '0' && version.ptr[7] <= '9';
    return is_formed ? refuse(head, 505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
                     : refuse(head, 400, "The first line does not end in HTTP/1.1.");
}

/* Method, target and version, with exactly one space between them. */
static enum http_verdict read_start(struct reading *reading, struct str line)
{
    struct http_head *head = reading->head;
    struct str method, target;
    if (line.len > START_LINE_MAX)
        return refuse(head, 414, "The address is too long.");
    str_cut(&line, ' ', &method);
    enum http_verdict verdict = read_method(head, method);
    if (verdict != HTTP_WHOLE)
        return verdict;
    if (!str_cut(&line, ' ', &target) || !line.ptr)
        return refuse(head, 400, "The first line does not end in HTTP/1.1.");
    verdict = read_version(head, line);
    return verdict == HTTP_WHOLE ? read_target(reading, target) : verdict;
}

static enum http_verdict take_host(struct reading *reading, struct str value)
{
    if (reading->has_host)
        return refuse(reading->head, 400, "There are two Host headers.");
    if (!is_host(value))
        return refuse(reading->head, 400, "The Host header is not a host.");
    reading->has_host = true;
    if (!reading->absolute)
        reading->head->host = value;
    return HTTP_WHOLE;
}

static enum http_verdict take_length(struct reading *reading, struct str value)
{
    struct http_head *head = reading->head;
    if (reading->has_length)
        return refuse(head, 400, "There are two Content-Length headers.");
    reading->has_length = true;
    if (str_to_int(value, 0, HTTP_BODY_MAX, &head->body_len) == ERR_OK)
        return HTTP_WHOLE;
    bool is_number = value.len && value.ptr[0] != '0';
    for (size_t i = 0; i < value.len; i++)
        is_number = is_number && value.ptr[i] >= '0' && value.ptr[i] <= '9';
    return is_number ? refuse(head, 413, "The body is larger than anything taken here.")
                     : refuse(head, 400, "The Content-Length is not a number.");
}

static enum http_verdict take_coding(struct reading *reading, struct str value)
{
    if (reading->has_coding)
        return refuse(reading->head, 400, "There are two Transfer-Encoding headers.");
    if (!str_equal_nocase(value, STR("chunked")))
        return refuse(reading->head, 501, "The only Transfer-Encoding known here is chunked.");
    reading->has_coding = reading->head->chunked = true;
    return HTTP_WHOLE;
}

static enum http_verdict take_connection(struct reading *reading, struct str value)
{
    reading->says_close = reading->says_close || http_list_has(value, STR("close"));
    reading->says_keep = reading->says_keep || http_list_has(value, STR("keep-alive"));
    return HTTP_WHOLE;
}

static enum http_verdict take_expect(struct reading *reading, struct str value)
{
    if (!str_equal_nocase(value, STR("100-continue")))
        return refuse(reading->head, 417, "The only expectation that can be met is 100-continue.");
    reading->head->expects_continue = true;
    return HTTP_WHOLE;
}

/* The headers that say how the request itself is to be read. */
static enum http_verdict take_header(struct reading *reading, const struct http_header *header)
{
    static const struct {
        struct str name;
        enum http_verdict (*take)(struct reading *reading, struct str value);
    } rows[] = {
        {{"host", 4}, take_host},
        {{"connection", 10}, take_connection},
        {{"content-length", 14}, take_length},
        {{"transfer-encoding", 17}, take_coding},
        {{"expect", 6}, take_expect},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].name.len == header->name.len &&
            rows[i].name.ptr[0] == (header->name.ptr[0] | 0x20) &&
            str_equal_nocase(rows[i].name, header->name))
            return rows[i].take(reading, header->value);
    return HTTP_WHOLE;
}

static enum http_verdict read_header(struct reading *reading, struct str line)
{
    struct http_head *head = reading->head;
    if (head->header_count == HTTP_HEADERS_MAX)
        return refuse(head, 431, "There are too many headers.");
    size_t name_len = http_span(line, HTTP_IN_TOKEN);
    if (name_len == 0)
        return refuse(head, 400, "A header has no name, or is folded.");
    if (name_len == line.len || line.ptr[name_len] != ':')
        return refuse(head, 400, "A header's name is not followed by a colon at once.");
    struct http_header *header = &head->headers[head->header_count++];
    header->name = str_make(line.ptr, name_len);
    header->value = str_trim(str_make(line.ptr + name_len + 1, line.len - name_len - 1));
    return take_header(reading, header);
}

/* What no header alone could say. */
static enum http_verdict finish(struct reading *reading)
{
    struct http_head *head = reading->head;
    if (!reading->has_host && !head->old)
        return refuse(head, 400, "There is no Host header.");
    if (reading->has_coding && reading->has_length)
        return refuse(head, 400, "There is a Content-Length beside a Transfer-Encoding.");
    if (reading->has_coding && head->old)
        return refuse(head, 400, "HTTP/1.0 has no Transfer-Encoding.");
    head->keep_alive = !reading->says_close && (!head->old || reading->says_keep);
    head->expects_continue = head->expects_continue && !head->old &&
                             (head->chunked || head->body_len > 0);
    return HTTP_WHOLE;
}

/* One empty line may stand before the first: some clients send one behind a body. */
static enum http_verdict read_lines(struct http_head *head, struct str bytes,
                                    const struct lines *lines)
{
    struct reading reading = {.head = head};
    size_t line = lines->ends[0] == 0 ? 1 : 0, from = 2 * line;
    if (lines->count > LINES_MAX)
        return refuse(head, 431, "There are too many headers.");
    enum http_verdict verdict = read_start(&reading, str_slice(bytes, from, lines->ends[line]));
    while (verdict == HTTP_WHOLE) {
        from = lines->ends[line++] + 2U;
        if (from == lines->ends[line])
            return finish(&reading);
        verdict = read_header(&reading, str_slice(bytes, from, lines->ends[line]));
    }
    return verdict;
}

static enum http_verdict refuse_size(struct http_head *head, struct str bytes)
{
    bool is_first = str_find_char(str_slice(bytes, 2, START_LINE_MAX), '\n') == STR_NONE;
    return is_first ? refuse(head, 414, "The address is too long.")
                    : refuse(head, 431, "The headers are too long.");
}

/* The headers are left as they are: clearing them would cost more than reading. */
static void clear(struct http_head *head)
{
    memset(head, 0, offsetof(struct http_head, headers));
    head->header_count = head->len = 0;
    head->status = 0;
    head->reason = NULL;
}

enum http_verdict http_read_head(struct http_head *head, struct str bytes, size_t *searched)
{
    struct lines lines = {0};
    bytes = str_slice(bytes, 0, HTTP_HEAD_MAX);
    clear(head);
    enum http_verdict verdict = find_end(bytes, *searched, &lines, &head->len);
    if (verdict == HTTP_BAD)
        return refuse(head, 400, "The head holds a control, or a line that does not end in CR LF.");
    if (verdict == HTTP_MORE && bytes.len == HTTP_HEAD_MAX)
        return refuse_size(head, bytes);
    if (verdict == HTTP_MORE) {
        *searched = bytes.len && bytes.ptr[bytes.len - 1] == '\r' ? bytes.len - 1 : bytes.len;
        return HTTP_MORE;
    }
    if (*searched)
        find_end(bytes, 0, &lines, &head->len);
    return read_lines(head, bytes, &lines);
}
