/* The compiler's view of every struct equals the library's: fails to compile otherwise. */
#include "lic2.h"

#define GLUE2(a, b) a##b
#define GLUE(a, b) GLUE2(a, b)
/* An assertion that C99 and C++11 both know: an array of negative length. */
#define ASSERT(condition) extern char GLUE(assertion_, __LINE__)[(condition) ? 1 : -1]
#define SIZE_OF_FIELD(type, field) sizeof(((type *)0)->field)

#define LIC2_SIZE(type, size) ASSERT(sizeof(type) == (size));
#define LIC2_FIELD(type, field, offset, size) \
    ASSERT(offsetof(type, field) == (offset) && SIZE_OF_FIELD(type, field) == (size));

#include "layout.h"

ASSERT(sizeof(lic2_keyring) == LIC2_KEYRING_BYTES);
ASSERT(sizeof(lic2_license) == LIC2_LICENSE_BYTES);
ASSERT(sizeof(lic2_engine) == LIC2_ENGINE_BYTES);
ASSERT(sizeof(lic2_status) == sizeof(int32_t));
ASSERT((LIC2_VERDICT_GRANTED ^ LIC2_VERDICT_DENIED) == 0xFFFFFFFFu);

int main(void)
{
    return 0;
}
