# ICC(C,1) and ICC(A,1) with 95% intervals of every table in targets.csv, computed twice without our code:
# by the psych package, and by the formulas of McGraw & Wong (1996, Tables 4 and 7) from the mean squares of R's aov.
#
#     Rscript tests/r/icc.R tests/r/targets.csv tests/r/icc.csv
#
# targets.csv holds invented tables and, as "<judge> <attribute>", the means of the models in the release under the
# preset "paper". icc.csv was written by R 4.2.2 with psych 2.2.9.

paths <- commandArgs(trailingOnly = TRUE)

by_psych <- function(ratings) {
  found <- psych::ICC(ratings, lmer = FALSE)$results
  ends <- c("ICC", "lower bound", "upper bound")
  c(unlist(found["Single_fixed_raters", ends]), unlist(found["Single_random_raters", ends]))
}

by_formula <- function(ratings, alpha = 0.05) {
  n <- nrow(ratings)
  k <- ncol(ratings)
  long <- data.frame(
    value = unlist(ratings),
    target = factor(rep(seq_len(n), k)),
    rater = factor(rep(seq_len(k), each = n))
  )
  squares <- summary(aov(value ~ target + rater, data = long))[[1]][["Mean Sq"]]
  msr <- squares[1]
  msc <- squares[2]
  mse <- squares[3]

  consistency <- (msr - mse) / (msr + (k - 1) * mse)
  observed <- msr / mse
  low <- observed / qf(1 - alpha / 2, n - 1, (n - 1) * (k - 1))
  high <- observed * qf(1 - alpha / 2, (n - 1) * (k - 1), n - 1)
  first <- c(consistency, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1))

  agreement <- (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
  a <- k * agreement / (n * (1 - agreement))
  b <- 1 + k * agreement * (n - 1) / (n * (1 - agreement))
  v <- (a * msc + b * mse)^2 / ((a * msc)^2 / (k - 1) + (b * mse)^2 / ((n - 1) * (k - 1)))
  below <- qf(1 - alpha / 2, n - 1, v)
  above <- qf(1 - alpha / 2, v, n - 1)
  rest <- k * msc + (k * n - k - n) * mse
  c(
    first,
    agreement,
    n * (msr - below * mse) / (below * rest + n * msr),
    n * (above * msr - mse) / (rest + n * above * msr)
  )
}

targets <- read.csv(paths[1], stringsAsFactors = FALSE)
answers <- list()
for (name in unique(targets$table)) {
  ratings <- targets[targets$table == name, c("human", "judge")]
  for (method in c("psych", "formula")) {
    found <- if (method == "psych") by_psych(ratings) else by_formula(ratings)
    answers[[length(answers) + 1]] <- c(name, method, sprintf("%.15g", found))
  }
}
answers <- as.data.frame(do.call(rbind, answers))
names(answers) <- c("table", "method", "icc_c1", "icc_c1_low", "icc_c1_high", "icc_a1", "icc_a1_low", "icc_a1_high")
write.csv(answers, paths[2], row.names = FALSE, quote = FALSE)
