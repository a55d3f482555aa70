#include "loyalty/operations.h"

namespace piggy {

void add_loyalty_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<CreateCreditReception>(configurations);
  catalogue.add<CalculateCredits>(configurations);
  catalogue.add<ReverseCreditReception>(configurations);
  catalogue.add<GetCreditReception>(configurations);
}

}  // namespace piggy
