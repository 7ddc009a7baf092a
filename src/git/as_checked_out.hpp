// Files that git calls modified though nobody has touched them since it wrote them: what it would
// store of them is not what it has (line ends, a clean filter that is no way back).
#pragma once

#include <string>
#include <vector>

#include "git/checkout.hpp"

namespace gitplan::git {

class Repository;

/// Those of the paths, each an entry of the checkout's index, where a file stands that is byte for
/// byte what git would write there. None of them where a filter fails.
std::vector<std::string> as_checked_out(const Repository& repository, const Checkout& checkout,
                                        const std::vector<std::string>& paths);

}  // namespace gitplan::git
