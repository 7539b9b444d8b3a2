/* Made by bindings/c/tests/sample.rs; do not edit. The keys are public. */
static const char sample_usual[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSIJYW5hbHl0aWNzBQDQq4MIY2hhbm5lbHMBQAZleHBvcnQAABrO7yroRt"
    "jZ9F1FV9pFvVp6upL2zAV0NoF7pSVTvZoatWwZmG9FjdY7hzHQN8j-LtpDSZh_Iei018MucVAU5gFhnT"
    "yQ";
static const char sample_rich[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIDARB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSwGZXZlbnRzA-gHBGZsYWcABXF1b3RhBwcA0KuDBnJlZ2lvbgQHWsO8cm"
    "ljaE8DBACh9wwEAQoHA7DqAQkMAQIDAf__A_____8PCwQAdnqWDAEFDgxwcm9mZXNzaW9uYWwQCmN1c3"
    "RvbWVyLTcSB29yZGVyLTjQDwQAAQL_7rbwxv8eEMpKzwFowfQPb0XYO89QBjdbYuqPVXgPgX1QicluDE"
    "dcqjFKBxzzepf86U5bIgSui-HYC7XA8_KCC101p_I";
static const char sample_hours[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DANkAQ"
    "FaFyAmCQWmjR2I5iMfsQAA0r3wV_YZ7D0Qg4yoesqBERNOILsMZp-Mx0XE-3H507U4kizEvzTq6ScYzH"
    "OYv3lMPPkUmfbkPLaJbAd26lt5BquSxmM";
static const char sample_add_on[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSwGZXZlbnRzA-gHBGZsYWcABXF1b3RhBwcA0KuDBnJlZ2lvbgQHWsO8cm"
    "ljaAIVABbKtOKh_0GPN885f9wojWUztHn8OSaZCEwUr8qr04xGhPxusXmOdyvds-qTtabwy_jIMoTOzB"
    "U655ea_rn7iQ88dgOv";
static const char sample_issued[] =
    "LIC2C.AUMBAJdteG4UUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSIJYW5hbHl0aWNzBQDQq4MIY2hhbm5lbHMBQAZleHBvcnQAALRaSJBpXh"
    "5GVUy25ikKdwb77xokCBX-IeN4QF21hPsEKp95Jl8dhXzwpqHzbwqxpoh882RpWMEJzPkZ8b0xaQn3Lp"
    "cF";
static const char sample_certified[] =
    "LIC2C.AUMBAZdteG57AAFJAQDn-gYUASCXbXhu1KI-X9zbYFti3yikqRxwjJF9sN_tigEO-2oiNIBP9g"
    "yAT_YMAHZ6lgABAAAAfUgzFqxG8WL7eM0uw9rNurNyKsJHePTUNB9I0gVfzLh_B0gDX79sKAr4acCZri"
    "A5hZJj5o5MBOYeEwt7dZpSCxRQTC0yMDI2MTEyMi0wMDAwMDA0MgEAEHZpc2lvbi1hcHBsaWFuY2WAT_"
    "YMAQB2epYBAVoXICYJBaaNHYjmIx-xIglhbmFseXRpY3MFANCrgwhjaGFubmVscwFABmV4cG9ydAAAxd"
    "BdfuVJlFPl73Uev1wzKh-wRAKqD1cc-GDgvbv-x04YzGFmPqXxfxPIVgFEtiKvE9ZQA_J0a4Z1CRRJTd"
    "dFAxmHxN0";
static const char sample_metered[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIFABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsRwIY2hhbm5lbHMBAgZldmVudHMDBAVzY2FucwIKACWV8PexqyzLlwVegE"
    "MQVMGZ6Gl8AX_w_T2mpRwD2x94NgWFuPTT9cOAlU6QDZYjBUJ45SgfzH_x1sYfNgt4SA3CbrvH";
static const char sample_forged[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSIJYW5hbHl0aWNzBQDQq4MIY2hhbm5lbHMBQAZleHBvcnQAABrO7yroRt"
    "jZ9F1FV9pFvVp6upL2zAV0NoF7pSVTvZoatW0ZmG9FjdY7hzHQN8j-LtpDSZh_Iei018MucVAU5gGwdd"
    "ue";
static const char sample_list[] =
    "LIC2L.AUwBAOf6BhQBAIr_DBB2aXNpb24tYXBwbGlhbmNlAAAKjqd-uuTPCLJkAQAJdDJirktv-eerF2"
    "58Kk6Sl5La2w7PVjTP2YkSTKmud7FHVkOY8a53euv1qpSwfWoC7XLeoRhX-yijyENXIfcJPtql-g";
static const char sample_token[] =
    "LIC2T.AVQBAOf6BhQA8T0NAABzJZQE44q_zVypI1HXX2H2RdXQ7tjnIs5j7JDO30PPPzbVtAKh5e90j8"
    "p4gz6nhcFXE3o0sVJB1efNiorGrwkCATsxvw";
static const char sample_certificate[] =
    "LIC2I.AUkBAOf6BhQBIJdteG7Uoj5f3NtgW2LfKKSpHHCMkX2w3-2KAQ77aiI0gE_2DIBP9gwAdnqWAA"
    "EAAAB9SDMWrEbxYvt4zS7D2s26s3Iqwkd49NQ0H0jSBV_MuH8HSANfv2woCvhpwJmuIDmFkmPmjkwE5h"
    "4TC3t1mlILIN7Ccg";
