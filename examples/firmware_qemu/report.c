#include "report.h"

#include "print.h"

void report_refused(int32_t status)
{
    print("refused: ");
    print_number((uint32_t)status);
    print(" ");
    print(lic2_status_text(status));
    print("; ");
    print(lic2_status_advice(status));
    print("\n");
}

void report_decision(const lic2_decision *decision)
{
    if (!LIC2_GRANTED(decision)) {
        report_refused(decision->status);
        return;
    }
    print("granted: ");
    print(decision->license_id);
    print(decision->license_class == LIC2_CLASS_TRIAL ? ", trial" : "");
    print(", serial ");
    print_number(decision->serial);
    if (decision->powered_hours_end != 0) {
        print(", ends after ");
        print_number(decision->powered_hours_end);
        print(" powered-on hours");
    }
    print((decision->flags & LIC2_DECISION_IN_GRACE) != 0 ? ", on grace: renew soon\n" : "\n");
}
