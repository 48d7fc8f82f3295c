# Variance components of every crossed table in crossed.csv, computed twice without our code: by REML (lme4), and from the
# mean squares of R's aov set equal to what they are expected to be (Brennan 2001, chapter 3), below 0 too.
# On balanced data both are the same where no component is below 0.
#
#     Rscript tests/r/generalisability.R tests/r/crossed.csv tests/r/generalisability.csv
#
# crossed.csv holds invented ratings. generalisability.csv was written by R 4.2.2 with lme4 1.1-31.

paths <- commandArgs(trailingOnly = TRUE)
terms <- c("p", "c", "r", "p:c", "p:r", "c:r", "Residual")

by_lme4 <- function(long) {
  fit <- lme4::lmer(
    y ~ 1 + (1 | p) + (1 | c) + (1 | r) + (1 | p:c) + (1 | p:r) + (1 | c:r),
    data = long,
    control = lme4::lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e6))
  )
  found <- as.data.frame(lme4::VarCorr(fit))
  found$vcov[match(terms, found$grp)]
}

by_aov <- function(long) {
  table <- summary(aov(y ~ (p + c + r)^2, data = long))[[1]]
  ms <- setNames(table[["Mean Sq"]], trimws(rownames(table)))
  p <- nlevels(long$p)
  c <- nlevels(long$c)
  r <- nlevels(long$r)
  e <- ms[["Residuals"]]
  c(
    (ms[["p"]] - ms[["p:c"]] - ms[["p:r"]] + e) / (c * r),
    (ms[["c"]] - ms[["p:c"]] - ms[["c:r"]] + e) / (p * r),
    (ms[["r"]] - ms[["p:r"]] - ms[["c:r"]] + e) / (p * c),
    (ms[["p:c"]] - e) / r,
    (ms[["p:r"]] - e) / c,
    (ms[["c:r"]] - e) / p,
    e
  )
}

ratings <- read.csv(paths[1], stringsAsFactors = FALSE)
answers <- list()
for (name in unique(ratings$table)) {
  wide <- ratings[ratings$table == name, ]
  long <- data.frame(
    y = c(wide$human, wide$judge),
    p = factor(rep(wide$model, 2)),
    c = factor(rep(wide$conversation, 2)),
    r = factor(rep(c("human", "judge"), each = nrow(wide)))
  )
  answers[[length(answers) + 1]] <- c(name, "aov", sprintf("%.12g", by_aov(long)))
  answers[[length(answers) + 1]] <- c(name, "lme4", sprintf("%.12g", by_lme4(long)))
}
answers <- as.data.frame(do.call(rbind, answers))
names(answers) <- c(
  "table", "method", "model", "conversation", "rater", "model_conversation", "model_rater", "conversation_rater", "residual"
)
write.csv(answers, paths[2], row.names = FALSE, quote = FALSE)
