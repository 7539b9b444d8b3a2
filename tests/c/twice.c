/* The header is self-contained, and may be included twice. */
#include "lic2.h"
#include "lic2.h"

int main(void)
{
    return 0;
}
