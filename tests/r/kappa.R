# Cohen's kappa with quadratic weights of every table in agreement.csv, computed without our code: by the psych package,
# and from the two marginals by the definition.
#
#     Rscript tests/r/kappa.R tests/r/agreement.csv tests/r/kappa.csv
#
# agreement.csv holds, for each judge and attribute of the release under the preset "recommended", how many replies got
# each pair of ratings. kappa.csv was written by R 4.2.2 with psych 2.2.9.

paths <- commandArgs(trailingOnly = TRUE)
given <- read.csv(paths[1], stringsAsFactors = FALSE)
answers <- list()
for (name in unique(given$table)) {
  rows <- given[given$table == name, ]
  counts <- matrix(0, 5, 5)
  counts[cbind(rows$human, rows$judge)] <- rows$n
  by_psych <- suppressWarnings(psych::cohen.kappa(counts))$weighted.kappa
  apart <- outer(1:5, 1:5, "-")^2
  by_chance <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  by_definition <- 1 - sum(counts * apart) / sum(by_chance * apart)
  answers[[length(answers) + 1]] <- c(name, sprintf("%.15g", c(by_psych, by_definition)))
}
answers <- as.data.frame(do.call(rbind, answers))
names(answers) <- c("table", "psych", "definition")
write.csv(answers, paths[2], row.names = FALSE, quote = FALSE)
