// piggy_mail_sink: a mail server that forgets what it takes. Prints its URL, and for each line that
// it is given how many mails it has taken; ends with its input.

#include <cstdio>
#include <iostream>

#include "email/test_mail_sink.h"

int main() {
  piggy::MailSink sink(piggy::MailSink::usual_reply, false);
  std::cout << sink.url() << std::endl;
  for (std::string line; std::getline(std::cin, line);) std::cout << sink.taken() << std::endl;
  return 0;
}
