/** The version of this header; lic2_version() returns that of the library. */
#define LIC2_VERSION_STRING "0.1.0"

/** Clears a struct, given by its address, and sets its struct_size. */
#define LIC2_INIT(x) (memset((x), 0, sizeof *(x)), (void)((x)->struct_size = (uint32_t)sizeof *(x)))

/** The length of a text argument that ends with a NUL. */
#define LIC2_TERMINATED ((size_t)-1)

/** Whether a decision, a feature or a meter, given by its address, permits. Tests two words, each of which
 *  is far from zero, and the size, so that zeroed, damaged or uninitialized memory never permits. Reads each
 *  from memory: a second test in another place is a real one, whatever the compiler knows. */
#define LIC2_GRANTED(x) \
    (*(const volatile uint32_t *)&(x)->verdict == LIC2_VERDICT_GRANTED && (x)->struct_size >= sizeof *(x) && \
     *(const volatile uint32_t *)&(x)->verdict_check == LIC2_VERDICT_DENIED)

/** The version of a product build: major and minor up to 65535, patch up to 4294967295. Larger numbers give
 *  0, an unknown version, which never grants. */
#define LIC2_VERSION(major, minor, patch) \
    ((((uint64_t)(major) | (uint64_t)(minor)) >> 16) != 0 || ((uint64_t)(patch) >> 32) != 0 \
         ? (uint64_t)0 \
         : ((uint64_t)(major) << 48 | (uint64_t)(minor) << 32 | (uint64_t)(patch)))

#if defined(_WIN32) && defined(LIC2_SHARED)
#define LIC2_API __declspec(dllimport)
#else
#define LIC2_API
#endif

#if defined(__GNUC__) || defined(__clang__)
#define LIC2_MUST_USE __attribute__((warn_unused_result))
#else
#define LIC2_MUST_USE
#endif

#ifdef __cplusplus
#define LIC2_INLINE inline
extern "C" {
#else
#define LIC2_INLINE static inline
#endif
