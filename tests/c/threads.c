/*
 * One ring and one license shared by eight threads: inputs are only read, so no thread sees another.
 * With RACE defined the threads share an output, too, which a race checker has to notice.
 */
#include <pthread.h>

#include "known.h"

#define THREADS 8
#define ROUNDS 50

static lic2_keyring ring;
static lic2_license license;
static lic2_component esn;
static lic2_facts facts;
static int wrong[THREADS];
#ifdef RACE
static lic2_license own;
#endif

static void *work(void *argument)
{
    int *const errors = (int *)argument;
    int round;

    for (round = 0; round < ROUNDS; round++) {
#ifndef RACE
        lic2_license own;
#endif
        lic2_decision decision;
        lic2_feature feature;

        LIC2_INIT(&own);
        LIC2_INIT(&decision);
        LIC2_INIT(&feature);
        if (round % 10 == 0) {
            lic2_code_check(&ring, sample_rich, strlen(sample_rich), &facts, &own, &decision);
            *errors += !LIC2_GRANTED(&decision);
        }
        lic2_license_decide(&license, &facts, &decision);
        lic2_license_feature(&license, &facts, "flag", 4, &feature);
        *errors += !LIC2_GRANTED(&decision) || !LIC2_GRANTED(&feature);
        lic2_license_feature(&license, &facts, "none", 4, &feature);
        *errors += LIC2_GRANTED(&feature) != 0;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int index;

    sample_ring(&ring);
    sample_facts(&facts, &esn);
    LIC2_INIT(&license);
    CHECK(lic2_code_verify(&ring, sample_rich, strlen(sample_rich), &license) == LIC2_STATUS_OK);
    for (index = 0; index < THREADS; index++) {
        CHECK(pthread_create(&threads[index], NULL, work, &wrong[index]) == 0);
    }
    for (index = 0; index < THREADS; index++) {
        CHECK(pthread_join(threads[index], NULL) == 0);
        CHECK(wrong[index] == 0);
    }
    return check_report();
}
