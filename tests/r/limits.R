# Variance components of differences between two raters, and the 95% limits of agreement made of them (Bland & Altman
# 2007, true value varying), computed without our code from differences.csv: from the mean squares of R's aov, and where
# all clusters have the same size also by lme4 (REML).
#
#     Rscript tests/r/limits.R tests/r/differences.csv tests/r/limits.csv
#
# limits.csv was written by R 4.2.2 with lme4 1.1.31.

paths <- commandArgs(trailingOnly = TRUE)

by_aov <- function(rows) {
  squares <- summary(aov(difference ~ factor(cluster), data = rows))[[1]][["Mean Sq"]]
  sizes <- table(rows$cluster)
  size <- (sum(sizes) - sum(sizes^2) / sum(sizes)) / (length(sizes) - 1)
  c((squares[1] - squares[2]) / size, squares[2])
}

by_lme4 <- function(rows) {
  fit <- lme4::lmer(difference ~ 1 + (1 | cluster), data = rows, REML = TRUE,
                    control = lme4::lmerControl(optCtrl = list(ftol_abs = 1e-14, xtol_abs = 1e-14)))
  found <- as.data.frame(lme4::VarCorr(fit))
  found$vcov
}

rows <- read.csv(paths[1], stringsAsFactors = FALSE)
answers <- list()
for (name in unique(rows$table)) {
  mine <- rows[rows$table == name, ]
  balanced <- length(unique(table(mine$cluster))) == 1
  for (method in c("aov", if (balanced) "lme4")) {
    components <- if (method == "aov") by_aov(mine) else by_lme4(mine)
    reach <- 1.96 * sqrt(sum(components))
    middle <- mean(mine$difference)
    numbers <- c(components, middle - reach, middle + reach)
    answers[[length(answers) + 1]] <- c(name, method, sprintf("%.15g", numbers))
  }
}
answers <- as.data.frame(do.call(rbind, answers))
names(answers) <- c("table", "method", "between", "within", "lower", "upper")
write.csv(answers, paths[2], row.names = FALSE, quote = FALSE)
