#include "loyalty/operations.h"

#include "loyalty/earning_operations.h"
#include "loyalty/perk_operations.h"
#include "loyalty/programme_operations.h"
#include "loyalty/reception_operations.h"
#include "loyalty/transaction_operations.h"

namespace piggy {

void add_loyalty_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<GetLoyaltyProgram>(configurations);
  catalogue.add<UpdateLoyaltyProgram>(configurations);
  catalogue.add<ListUnits>(configurations);
  catalogue.add<CreateUnit>(configurations);
  catalogue.add<ListEarningRules>(configurations);
  catalogue.add<CreateEarningRule>(configurations);
  catalogue.add<ExplainEarning>(configurations);
  catalogue.add<UpdateEarningRule>(configurations);
  catalogue.add<CreateCreditReception>(configurations);
  catalogue.add<CalculateCredits>(configurations);
  catalogue.add<ReverseCreditReception>(configurations);
  catalogue.add<GetCreditReception>(configurations);
  catalogue.add<ListLoyaltyTransactionAttributes>();
  catalogue.add<CreateLoyaltyTransactionAttribute>();
  catalogue.add<ListPerks>();
  catalogue.add<CreatePerk>();
  catalogue.add<GetPerk>();
  catalogue.add<UpdatePerk>();
  catalogue.add<DeletePerk>();
}

}  // namespace piggy
