/* Made by bindings/c/tests/sample.rs; do not edit. The keys are public. */
static const char sample_usual[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSIJYW5hbHl0aWNzBQDQq4MIY2hhbm5lbHMBQAZleHBvcnQAABrO7yroRt"
    "jZ9F1FV9pFvVp6upL2zAV0NoF7pSVTvZoatWwZmG9FjdY7hzHQN8j-LtpDSZh_Iei018MucVAU5gFhnT"
    "yQ";
static const char sample_rich[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIDARB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSwGZXZlbnRzA-gHBGZsYWcABXF1b3RhBwcA0KuDBnJlZ2lvbgQHWsO8cm"
    "ljaE0DBACh9wwEAQoHA7DqAQkKAQIDAf__A___AwsEAHZ6lgwBBQ4McHJvZmVzc2lvbmFsEApjdXN0b2"
    "1lci03EgdvcmRlci040A8EAAEC_36dh0y4v0_0xm-5xA5di94dXSt9PDJzPWw0UZ-L-vdH0JGVZvV7xO"
    "PcQzoP75VG8647YO7MMcGb_oqqmCOQbw8RNE1H";
static const char sample_hours[] =
    "LIC2C.AUMBAOf6BhQUUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DANkAQ"
    "FaFyAmCQWmjR2I5iMfsQAA0r3wV_YZ7D0Qg4yoesqBERNOILsMZp-Mx0XE-3H507U4kizEvzTq6ScYzH"
    "OYv3lMPPkUmfbkPLaJbAd26lt5BquSxmM";
static const char sample_issued[] =
    "LIC2C.AUMBAJdteG4UUEwtMjAyNjExMjItMDAwMDAwNDIBABB2aXNpb24tYXBwbGlhbmNlgE_2DAEAdn"
    "qWAQFaFyAmCQWmjR2I5iMfsSIJYW5hbHl0aWNzBQDQq4MIY2hhbm5lbHMBQAZleHBvcnQAALRaSJBpXh"
    "5GVUy25ikKdwb77xokCBX-IeN4QF21hPsEKp95Jl8dhXzwpqHzbwqxpoh882RpWMEJzPkZ8b0xaQn3Lp"
    "cF";
static const char sample_certificate[] =
    "LIC2I.AUkBAOf6BhSXbXhu1KI-X9zbYFti3yikqRxwjJF9sN_tigEO-2oiNIBP9gyAT_YMAHZ6lgABAA"
    "AADssFAAvtKm6I-W_jx-3kCYPhIENghDi_G_PGkRnkv_HgAMNjzGT2M92M5-qon-vShjxGjvea0EWfCl"
    "5cYmN0DO2g3yE";
