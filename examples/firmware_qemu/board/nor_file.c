#include "nor_file.h"

#include <string.h>

#include "nor.h"
#include "semihosting.h"

static int32_t file = -1;

int nor_file_open(const char *name)
{
    file = host_open(name);
    if (file < 0) {
        return 1;
    }
    if (host_length(file) == sizeof nor_cells) {
        return !host_read_at(file, 0, &nor_cells, sizeof nor_cells);
    }
    memset(&nor_cells, 0xFF, sizeof nor_cells);
    return !host_write_at(file, 0, &nor_cells, sizeof nor_cells);
}

void nor_keep(const void *part, size_t part_len)
{
    host_write_at(file, (size_t)((const uint8_t *)part - (const uint8_t *)&nor_cells), part, part_len);
}
